/** A proof of merge in words. */
import { expect, test } from 'vitest';
import { mergeRows } from '../../../src/renderer/lib/merge-checks.ts';
import type { MergeReport } from '../../../src/shared/contract/records.ts';

const report: MergeReport = {
  ...{ passed: false, dtype: 'bfloat16', output: '/out', prompts: 16, tokens: 1200 },
  maxAbsoluteLogitDifference: 0.1,
  meanKl: 0.0002,
  perplexity: { adapter: 1.2, merged: 1.3 },
  changedArgmax: 0.001,
  roundingLoss: 0.02,
  files: {
    ...{ baseTensors: 3, writtenTensors: 3, mergedTensors: 2, leftOut: [], comparedValues: 64 },
    ...{ sampledRows: 32, largestError: 0.5, settings: { carried: 20, changed: [], left: [] } },
  },
  checks: [
    { name: 'meanKl', value: 0.0002, limit: 0.01, passed: true },
    { name: 'perplexityRatio', value: 1.3 / 1.2, limit: 1.01, passed: false },
    { name: 'tokenizer', value: false, limit: true, passed: false },
  ],
  ...{ failures: [], mergedModules: 210, bytes: 1 },
};

test("the verdict is the report's, and figures without one are only shown", () => {
  expect(mergeRows(report).map(({ label, value, passed }) => [label, value, passed])).toEqual([
    ['Mean KL divergence', '2.0e−4 nats/token', true],
    ['Perplexity, with adapter → merged', '1.200 → 1.300', false],
    ['Tokenizer', 'different', false],
    ['Largest logit difference', '0.1', null],
    ['Rounding loss', '2.00\u202f%', null],
  ]);
});

test('a classifier has labels and texts in place of prompts and tokens', () => {
  const chatTemplate = { name: 'chatTemplate' as const, value: true, limit: true };
  const checks = [
    { name: 'meanKl' as const, value: 0.0002, limit: 0.01, passed: true },
    { name: 'changedArgmax' as const, value: 0, limit: 0.02, passed: true },
  ];
  const of = (passed: boolean) =>
    mergeRows({ ...report, perplexity: null, checks: [...checks, { ...chatTemplate, passed }] });
  const [kl, changed, ...others] = of(true);
  expect(kl).toMatchObject({ value: '2.0e−4 nats/text', limit: '0.01' });
  expect(changed).toMatchObject({ label: 'Changed labels' });
  expect(others.every(({ passed }) => passed === null)).toBe(true);
  // A fault is shown wherever it is.
  expect(of(false).map(({ label }) => label)).toContain('Chat template');
});
