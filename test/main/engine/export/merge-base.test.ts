/** Merges into other weights than those that an adapter was trained on, and what their report says of both. */
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AdapterSource } from '../../../../src/shared/contract/engine.ts';
import type { ExportReport } from '../../../../src/shared/contract/exports.ts';
import type { MergedBase } from '../../../../src/shared/contract/merge-report.ts';
import type { TrainingConfig } from '../../../../src/shared/contract/training-config.ts';
import { holdBase } from '../../../../src/main/engine/checkpoint/hold-base.ts';
import { openCheckpoint } from '../../../../src/main/engine/checkpoint/open-checkpoint.ts';
import { readAdapter } from '../../../../src/main/engine/checkpoint/peft-adapter.ts';
import { expectedRow } from '../../../../src/main/engine/export/expected-rows.ts';
import { readOrigin } from '../../../../src/main/engine/origin/origin-file.ts';
import { gamma } from '../../../support/rounding.ts';
import { smallConfig } from '../../small-config.ts';
import { problemOf } from '../checkpoint/fixtures.ts';
import { ofLoss } from '../parity/bounds.ts';
import { fixturePath } from '../parity/fixtures.ts';
import { exported, tinyAdapter, tinyModel } from './exported.ts';

const original = tinyModel('tiny-tied');
const adapter = tinyAdapter('all-linear');
/** The original in blocks of four bits: what the adapter is used on. */
const folder = mkdtempSync(join(tmpdir(), 'lorikeet-merge-base-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});
const quantised = join(folder, 'Q4_0.gguf');
beforeAll(async () => {
  await exported({ model: original, to: 'gguf', type: 'Q4_0', output: quantised });
});

function baseOf({ base }: ExportReport): MergedBase {
  if (base === null) throw new Error('something was merged');
  return base;
}

/** The adapter with the record of a run that kept the data for validation. */
function trainedOn(data: string): AdapterSource {
  return recorded({ ...smallConfig(), validation: { kind: 'file', path: data } });
}

/** An adapter with the record of a run. */
function recorded(config: TrainingConfig, from = adapter.path): AdapterSource {
  const path = mkdtempSync(join(folder, 'adapter-'));
  cpSync(from, path, { recursive: true });
  writeFileSync(join(path, 'lorikeet-training.json'), JSON.stringify(config));
  return { path, weight: 1 };
}

test('by itself an adapter is merged into the values of the blocks', async () => {
  const { report } = await exported({
    ...{ model: quantised, adapters: [adapter], to: 'huggingface', type: 'float32' },
  });
  expect(report).toMatchObject({ passed: true, failures: [] });
  expect(baseOf(report)).toMatchObject({
    trainedOn: { path: quantised, storedAs: ['Q4_0', 'Q8_0', 'F32'] },
    ...{ mergedInto: null, quantisationError: null, losses: null },
  });
});

describe('into the original weights', () => {
  let report: ExportReport;
  const data = join(folder, 'held-out.jsonl');
  beforeAll(async () => {
    const lines = ['one two three', 'red green blue'].map((text) => JSON.stringify({ text }));
    writeFileSync(data, lines.join('\n'));
    ({ report } = await exported({
      ...{ model: quantised, adapters: [trainedOn(data)], mergeBase: original },
      ...{ to: 'huggingface', type: 'float32', output: join(folder, 'merged') },
    }));
  });

  test('the proof holds the files against those weights with the adapter', () => {
    expect(report).toMatchObject({ passed: true, failures: [] });
    // Nothing but float32 is between them; the blocks are another matter by far.
    expect(report.answers?.meanKl).toBeLessThan(1e-6);
    expect(baseOf(report).mergedInto).toMatchObject({ path: original, storedAs: ['F32'] });
    expect(readOrigin(report.output)).toMatchObject({
      ...{ base: { path: quantised }, mergedInto: { path: original } },
    });
  });

  test('the error of quantising is told by module, beside what the adapter changes', async () => {
    const { median = NaN, modules = [] } = baseOf(report).quantisationError ?? {};
    const ratios = modules.map(({ ratio }) => ratio);
    expect(ratios).toEqual(ratios.toSorted((a, b) => b - a));
    expect(median).toBe(ratios[(ratios.length - 1) / 2]);
    const [whole, blocks] = await Promise.all([
      openCheckpoint(original),
      openCheckpoint(quantised),
    ]);
    for (const [path, { a, b, rank, scaling, out, in: inputs }] of readAdapter(adapter.path)
      .modules) {
      const [before, after] = [whole, blocks].map((each) => each.read(`${path}.weight`));
      let [error, change] = [0, 0];
      for (let row = 0; row < out; row++) {
        for (let column = 0; column < inputs; column++) {
          const at = row * inputs + column;
          error += ((before?.[at] ?? NaN) - (after?.[at] ?? NaN)) ** 2;
          let sum = 0;
          for (let k = 0; k < rank; k++)
            sum += (b[row * rank + k] ?? NaN) * (a[k * inputs + column] ?? NaN);
          change += (scaling * sum) ** 2;
        }
      }
      const found = modules.find(({ module }) => module === path)?.ratio ?? NaN;
      // ‖ΔW‖² is a sum of out · in squares of sums of r products, in float32.
      const off = gamma(out * inputs + 2 * rank);
      expect(Math.abs(found / Math.sqrt(error / change) - 1)).toBeLessThan(off);
    }
    whole.close();
    blocks.close();
  });

  test('and three losses on what the run kept for validation', () => {
    const { losses } = baseOf(report);
    expect(losses).toMatchObject({ on: 'validation', because: null });
    const { trained = NaN, merged = NaN, written = NaN } = losses ?? {};
    // A merge in float32 says what base and adapter say, up to what rounding moves logits; other weights do not.
    expect(Math.abs(merged / trained - 1)).toBeLessThan(ofLoss);
    expect(Math.abs(written / trained - 1)).toBeGreaterThan(ofLoss);
  });
});

test('where the data are gone, the losses are those of the prompts, and the report says why', async () => {
  const { report } = await exported({
    ...{ model: quantised, adapters: [trainedOn('/nowhere.jsonl')], mergeBase: original },
    ...{ to: 'gguf', type: 'Q8_0' },
  });
  expect(report).toMatchObject({ passed: true, failures: [] });
  const { losses } = baseOf(report);
  expect(losses).toMatchObject({ on: 'prompts', because: '/nowhere.jsonl is gone' });
  // Both are rounded to Q8_0, which moves losses by less than four bits do.
  expect(Math.abs((losses?.merged ?? NaN) - (losses?.trained ?? NaN))).toBeLessThan(
    Math.abs((losses?.written ?? NaN) - (losses?.trained ?? NaN)),
  );
});

test('classifiers are compared by the labels of their validation data', async () => {
  const model = fixturePath('classifiers/tiny-bert-multi-label/model');
  const path = fixturePath('classifiers/tiny-bert-multi-label/adapter');
  const data = join(folder, 'labelled.jsonl');
  const lines = [['on'], ['off', 'unclear'], []].map((label, i) => ({ text: `lamp ${i}`, label }));
  writeFileSync(data, lines.map((line) => JSON.stringify(line)).join('\n'));
  const task = 'sequence-classification';
  const validation = { kind: 'file', path: data } as const;
  const learnt = recorded({ ...smallConfig(), task, validation, sequenceLength: 32 }, path);
  const { report } = await exported({
    ...{ model, adapters: [learnt], mergeBase: model, to: 'huggingface', type: 'float32' },
  });
  expect(report).toMatchObject({ passed: true, failures: [] });
  const { losses } = baseOf(report);
  expect(losses).toMatchObject({ on: 'validation', places: 3 });
  const { trained = NaN, merged = NaN, written = NaN } = losses ?? {};
  for (const loss of [merged, written]) expect(Math.abs(loss / trained - 1)).toBeLessThan(ofLoss);
});

describe('a base that is quantised while it is loaded', () => {
  const held = [
    { base: 'nf4', doubleQuant: false },
    { base: 'nf4', doubleQuant: true },
    { base: 'int8', doubleQuant: false },
  ] as const;
  test.each(held)('merges into its codes: %o', async ({ base, doubleQuant }) => {
    const learnt = recorded({ ...smallConfig(), base, doubleQuant });
    const { report } = await exported({
      ...{ model: original, adapters: [learnt], to: 'huggingface', type: 'float32' },
    });
    expect(report).toMatchObject({ passed: true, failures: [] });
    const { trainedOn, mergedInto, quantisationError, losses } = baseOf(report);
    expect(trainedOn).toMatchObject({ path: original, held: { form: base, doubleQuant } });
    // The file has the original weights, which nothing was merged into.
    expect([mergedInto, losses]).toEqual([null, null]);
    expect(quantisationError?.modules).toHaveLength(21);
    expect(quantisationError?.median).toBeGreaterThan(0);
    const [file, written] = await Promise.all([
      openCheckpoint(original),
      openCheckpoint(report.output),
    ]);
    const codes = holdBase(file, { form: base, doubleQuant });
    // What no adapter changes is that of the codes, too.
    const norm = 'model.layers.0.input_layernorm.weight';
    expect(written.read(norm)).toEqual(file.read(norm));
    const path = 'model.layers.1.mlp.down_proj';
    const module = readAdapter(adapter.path).modules.get(path);
    if (!module) throw new Error('the adapter is on all linear layers');
    const [weight, found] = [codes.read(`${path}.weight`), written.read(`${path}.weight`)];
    for (const row of [0, 17, module.out - 1]) {
      const at = row * module.in;
      const own = Float64Array.from(weight.subarray(at, at + module.in));
      const { values, bounds } = expectedRow(own, row, module, 'float32');
      values.forEach((value, i) => {
        const off = Math.abs((found[at + i] ?? NaN) - value);
        expect(off).toBeLessThanOrEqual(bounds[i] ?? NaN);
      });
    }
    file.close();
    written.close();
  });

  test('written as Q4_0 it keeps the adapter, since it lies on another grid', async () => {
    const learnt = recorded({ ...smallConfig(), base: 'nf4' });
    const asked = { model: original, adapters: [learnt], to: 'gguf' as const, type: 'Q4_0' };
    const { report } = await exported(asked);
    expect(report).toMatchObject({ passed: true, failures: [] });
  });
});

describe('refused', () => {
  test.each([
    ['another model', 'merge/other-model', { mergeBase: tinyModel('tiny-qwen3') }],
    ['an adapter by itself', 'export/nothing-merged', { to: 'peft', mergeBase: original }],
    ['no adapter', 'export/nothing-merged', { adapters: [], mergeBase: original }],
  ] as const)('%s', async (_, code, change) => {
    const asked = { model: quantised, adapters: [adapter], to: 'huggingface' as const };
    const { adapters = asked.adapters, ...others } = change as Partial<typeof asked>;
    const problem = await problemOf(() => exported({ ...asked, ...others, adapters }));
    expect(problem.code).toBe(code);
  });

  test('what differs is named', async () => {
    const asked = { model: quantised, adapters: [adapter], to: 'huggingface' as const };
    const mergeBase = tinyModel('tiny-untied');
    const problem = await problemOf(() => exported({ ...asked, mergeBase }));
    expect(problem).toMatchObject({ where: mergeBase });
    expect(problem.what).toMatch(
      /, \S*Q4_0\.gguf: hiddenSize; numKeyValueHeads; .* and \d+ more differ\.$/,
    );
  });
});
