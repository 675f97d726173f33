/** Merged weights against PEFT's merge_and_unload, and the proof that goes with the written files. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { handlers } from '../../../../src/main/engine/commands/index.ts';
import { readAdapter } from '../../../../src/main/engine/checkpoint/peft-adapter.ts';
import { tinyModels, variantModels } from '../../../support/tiny-models.ts';
import { relativeDifference } from './difference.ts';
import { fixturePath, readTensors } from './fixtures.ts';

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
    expect(relativeDifference(written.get(name) ?? [], weights), name).toBeLessThan(1e-6);
  }
});
