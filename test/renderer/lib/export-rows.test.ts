/** The proof of an export in words. */
import { expect, test } from 'vitest';
import { proofRows, sayVerdict } from '../../../src/renderer/lib/export-rows.ts';
import type { ExportAnswers, ExportReport } from '../../../src/shared/contract/exports.ts';

const answers: ExportAnswers = {
  ...{ prompts: 16, tokens: 1200, maxAbsoluteLogitDifference: 0.1, meanKl: 0.0002 },
  ...{ changedArgmax: 0.001, perplexity: { adapter: 1.2, merged: 1.3 } },
  checks: [
    { name: 'meanKl', value: 0.0002, limit: 0.01, passed: true },
    { name: 'perplexityRatio', value: 1.3 / 1.2, limit: 1.01, passed: false },
    { name: 'tokenizer', value: false, limit: true, passed: false },
  ],
};
const tensors = { compared: 3, merged: 2, comparedValues: 64, largestError: 0.5, types: [] };
const report: ExportReport = {
  ...{ to: 'huggingface', type: 'bfloat16', output: '/out', bytes: 1, files: [], passed: false },
  ...{ failures: [], mergedModules: 210, roundingLoss: 0.02, answers, approximation: null },
  tensors: { ...tensors, change: null },
  ...{ base: null, notices: [] },
};
const judged = { ...answers, perplexity: { adapter: 1.2, merged: 1.2 } };
const said = (of: ExportReport) =>
  proofRows(of).map(({ label, value, passed }) => [label, value, passed]);

test("the verdict is the report's, and figures without one are only shown", () => {
  expect(said(report)).toEqual([
    ['Mean KL divergence', '2.0e−4 nats/token', true],
    ['Perplexity, with adapter → written', '1.200 → 1.300', false],
    ['Tokenizer', 'different', false],
    ['Largest logit difference', '0.1', null],
    ['Rounding loss', '2.00\u202f%', null],
    ['Largest error of a written number', '50.0\u202f%', null],
  ]);
  expect(sayVerdict(report)).toMatch(/^The files were written, but .* 16 held-out prompts, 1,200/);
});

test('of blocks of few bits the answers are shown without being judged, and how much of the change is left', () => {
  const tokenizer = { name: 'tokenizer' as const, value: true, limit: true, passed: true };
  const quantised: ExportReport = {
    ...{ ...report, to: 'gguf', type: 'Q4_0', passed: true, roundingLoss: 0 },
    answers: { ...answers, checks: [tokenizer] },
    tensors: { ...tensors, change: { share: 0.93, deviation: 0.01 } },
  };
  expect(said(quantised)).toEqual([
    ['Mean KL divergence', '2.0e−4 nats/token', null],
    ['Changed first choices', '0.10\u202f%', null],
    ['Perplexity, with adapter → written', '1.200 → 1.300', null],
    ['Tokenizer', 'equal', true],
    ['Largest logit difference', '0.1', null],
    ['Share of the change that is in the file', '93.0\u202f% ± 1.00\u202f%', null],
    ['Largest error of a written number', '50.0\u202f%', null],
  ]);
  expect(sayVerdict(quantised)).toMatch(
    /holds what it should; .* another one at 0\.10\u202f% of the places/,
  );
});

test('what is only brought near says how near', () => {
  const worst = { module: 'model.layers.3.self_attn.q_proj', relativeError: 0.2 };
  const near: ExportReport = {
    ...{ ...report, to: 'gguf-adapter', type: 'F32', passed: true, tensors: null, roundingLoss: 0 },
    answers: { ...answers, checks: [] },
    approximation: { relativeError: 0.05, worst, rank: 16 },
  };
  const rows = proofRows(near);
  expect(rows).toContainEqual(
    expect.objectContaining({ label: 'Error of the change', value: '5.00\u202f%' }),
  );
  expect(rows.at(-1)).toMatchObject({ value: '20.0\u202f%', help: `In ${worst.module}.` });
  expect(sayVerdict(near)).toMatch(/comes as near as it can; its first choice/);
});

test('a classifier has labels and texts in place of prompts and tokens', () => {
  const chatTemplate = { name: 'chatTemplate' as const, value: true, limit: true };
  const checks = [
    { name: 'meanKl' as const, value: 0.0002, limit: 0.01, passed: true },
    { name: 'changedArgmax' as const, value: 0, limit: 0.02, passed: true },
  ];
  const of = (passed: boolean): ExportReport => ({
    ...report,
    answers: { ...answers, perplexity: null, checks: [...checks, { ...chatTemplate, passed }] },
  });
  const [kl, changed, ...others] = proofRows(of(true));
  expect(kl).toMatchObject({ value: '2.0e−4 nats/text', limit: '0.01' });
  expect(changed).toMatchObject({ label: 'Changed labels' });
  expect(others.every(({ passed }) => passed === null)).toBe(true);
  expect(sayVerdict(of(true))).toContain('16 held-out texts');
  // A fault is shown wherever it is.
  expect(proofRows(of(false)).map(({ label }) => label)).toContain('Chat template');
});

test('the base is told with how it was held; with other weights also what that means', () => {
  const files = { path: '/models/base.gguf', files: ['base.gguf'], storedAs: ['Q4_1', 'F32'] };
  const held = { form: 'packed' as const, doubleQuant: false };
  const own = { mergedInto: null, quantisationError: null, losses: null };
  const trainedOn = { ...files, held };
  const rows = (base: ExportReport['base']) =>
    proofRows({ ...report, base })
      .slice(6)
      .map(({ label, value, passed }) => [label, value, passed]);
  expect(rows({ trainedOn, ...own })).toEqual([
    ['Merged into', 'base.gguf (Q4_1, F32), held: As in the file', null],
  ]);
  const original = {
    ...{ path: '/models/base', files: ['config.json', 'model.safetensors'], storedAs: ['BF16'] },
  };
  const module = 'model.layers.0.self_attn.q_proj';
  const other = {
    trainedOn: { ...files, held: { form: 'nf4' as const, doubleQuant: true } },
    mergedInto: original,
    quantisationError: { median: 8.8123, modules: [{ module, ratio: 12.3456 }] },
    losses: {
      ...{ on: 'prompts' as const, because: 'the data are gone', places: 300 },
      ...{ trained: 1.5, merged: 1.50004, written: 1.42 },
    },
  };
  expect(rows(other)).toEqual([
    ['Trained on', 'base.gguf (Q4_1, F32), held: NF4, 4 bits, double quantisation', null],
    ['Merged into', 'base/model.safetensors (BF16)', null],
    ['Error of quantising beside the change', '8.81 times, median of 1', null],
    ['The largest of it', `12.3 ${module}`, null],
    ['Compared on', 'the prompts of the proof, 300 tokens, since the data are gone', null],
    ['Loss of base and adapter as trained', '1.5000', null],
    ['Loss merged into that base', '1.5000', null],
    ['Loss of what was written', '1.4200', null],
  ]);
  expect(sayVerdict({ ...report, passed: true, base: other, answers: judged })).toMatch(
    /^What was written answers as the other weights do with the adapter\./,
  );
});
