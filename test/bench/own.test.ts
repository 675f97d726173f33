/** Lorikeet's worker process, asked as the driver asks it, on a tiny model. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { paddedBatch } from '../../bench/lib/batches.ts';
import { sidesWith, type Own } from '../../bench/lib/sides.ts';
import { openSafetensors } from '../../src/main/engine/checkpoint/safetensors-file.ts';
import { noLabel } from '../../src/main/engine/batch/block.ts';
import { fixturePath } from '../main/engine/parity/fixtures.ts';

const model = fixturePath('models/tiny-tied');
const adapter = fixturePath('adapters/all-linear');
const variant = { precision: 'float32', keep: 'products' } as const;
const tokens = [5, 9, 12, 7, 30, 41, 8, 22];
const labels = Int32Array.from(tokens, (_, t) => tokens[t + 1] ?? noLabel);
const batch = paddedBatch([{ line: 1, tokens: Int32Array.from(tokens), labels }]);

let own: Own;
let folder: string;
beforeAll(() => {
  own = sidesWith('no python here').own();
  folder = mkdtempSync(join(tmpdir(), 'lorikeet-bench-'));
});
afterAll(async () => {
  await own.close();
  rmSync(folder, { recursive: true });
});

test('what cannot be done yet is an error with its reason, and the worker goes on', async () => {
  await expect(own.ask('step', { batch })).rejects.toThrow('Lorikeet, step: nothing is loaded');
  const { versions } = await own.ask('hello', {});
  expect(versions['Node']).toBe(process.versions.node);
});

test('steps lower the loss that evaluation sees, and take time and memory', async () => {
  const load = { model, adapter, rows: 1, length: tokens.length, learnt: 7, learningRate: 1e-2 };
  expect((await own.ask('load', { ...load, variant })).precision).toBe('float32');
  const first = await own.ask('step', { batch });
  await own.ask('step', { batch });
  const { loss } = await own.ask('evaluate', { batches: [batch] });
  expect(loss).toBeLessThan(first.loss);
  expect(first.seconds).toBeGreaterThan(0);
  expect((await own.ask('memory', {})).peakBytes).toBeGreaterThan(1e8);
});

test('gradients are written by the names of PEFT', async () => {
  const output = join(folder, 'gradients');
  await own.ask('gradient', { batch, output });
  const file = openSafetensors(output);
  const name = 'base_model.model.model.layers.2.mlp.down_proj.lora_A.weight';
  expect(file.tensors.get(name)?.shape).toEqual([4, 160]);
  expect(file.read(name).some((value) => value !== 0)).toBe(true);
  file.close();
});

test('with and without an adapter it answers differently, and never stops early', async () => {
  const request = { model, variant, promptLength: 4, newTokens: 12 };
  await own.ask('loadGenerator', { ...request, adapter });
  await own.ask('loadGenerator', { ...request, adapter: null });
  const prompt = tokens.slice(0, 4);
  const adapted = await own.ask('generate', { adapted: true, prompt, newTokens: 12 });
  const base = await own.ask('generate', { adapted: false, prompt, newTokens: 12 });
  expect(adapted.tokens).toHaveLength(12);
  expect(base.tokens).toHaveLength(12);
  expect(adapted.tokens).not.toEqual(base.tokens);
});

test('a worker that ends while it is asked is an error, not a wait without end', async () => {
  const dead = sidesWith(join(folder, 'no-such-python')).peer();
  await expect(dead.ask('hello', {})).rejects.toThrow('PyTorch + PEFT, hello:');
  await dead.close();
});
