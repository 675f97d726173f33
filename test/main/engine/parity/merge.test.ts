/** Merged weights against PEFT's merge_and_unload, and the proof that goes with the written files. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { handlers } from '../../../../src/main/engine/commands/index.ts';
import { readAdapter } from '../../../../src/main/engine/checkpoint/peft-adapter.ts';
import { tinyModels, variantModels } from '../../../support/tiny-models.ts';
import { gamma } from '../../../support/rounding.ts';
import { relativeDifference } from './difference.ts';
import { fixturePath, readTensors } from './fixtures.ts';

/**
 * Of merged elements over the largest. W + scaling · B·A is a sum of up to 8 products and W, with DoRA times a ratio of 10 roundings
 * and half of those of a row of 160 squares; the sizes in it add up to at most twice the largest element, and two compute it.
 */
const ofMerged = 2 * 2 * gamma(8 + 2 + 10 + 160 / 2);

const context = { emit: () => {}, signal: new AbortController().signal };

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'lorikeet-merge-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

// Of tiny-untied no merged weights were written down.
const onAllLinear = [...tinyModels, ...variantModels]
  .map(({ adapter }) => adapter)
  .filter((adapter) => adapter !== 'untied');

test.each([...onAllLinear, 'patterns', 'rslora', 'dora', 'together'])('%s', async (adapter) => {
  const model = readAdapter(fixturePath(`adapters/${adapter}`)).baseModel ?? '';
  const output = join(folder, adapter);
  const report = await handlers.merge(
    {
      model: fixturePath(`models/${model}`),
      adapter: fixturePath(`adapters/${adapter}`),
      output,
      dtype: 'float32',
    },
    context,
  );
  expect(report).toMatchObject({ passed: true, failures: [] });
  expect(report.maxAbsoluteLogitDifference).toBeLessThan(1e-4);

  const written = readTensors(join(output, 'model.safetensors'));
  const merged = [...readTensors(`expected/adapter-${adapter}/logits.safetensors`)].filter(
    ([name]) => name.endsWith('.weight'),
  );
  expect(merged.length).toBeGreaterThan(0);
  for (const [name, weights] of merged) {
    expect(relativeDifference(written.get(name) ?? [], weights), name).toBeLessThan(ofMerged);
  }
});
