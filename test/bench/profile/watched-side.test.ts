/** A traced step of a tiny model: all of its products are found, in TensorFlow's trace as in oneDNN's lines. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { streamWork } from '../../../bench/lib/batches.ts';
import { accountFor } from '../../../bench/profile/account.ts';
import { traceLibrary } from '../../../bench/profile/trace-library.ts';
import { plainSide, tracedSide, type WatchedSide } from '../../../bench/profile/watched-side.ts';
import { noLabel } from '../../../src/main/engine/batch/block.ts';
import { fixturePath } from '../../main/engine/parity/fixtures.ts';

const tokens = Int32Array.from({ length: 64 }, (_, t) => 3 + ((7 * t) % 200));
const labels = tokens.map(() => noLabel);
const work = streamWork([{ line: 1, tokens, labels }], { rows: 2, length: 32 });
const load = {
  model: fixturePath('models/tiny-tied'),
  adapter: fixturePath('adapters/all-linear'),
  ...work.shape,
  learnt: work.learnt,
  learningRate: 1e-3,
  variant: { precision: 'float32', keep: 'products' },
} as const;

let folder: string;
let sides: WatchedSide[];
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lorikeet-profile-'));
  sides = [plainSide(), tracedSide(await traceLibrary(), join(folder, 'traces'))];
});
afterAll(async () => {
  for (const { own } of sides) await own.close();
  rmSync(folder, { recursive: true });
});

test('the account of a traced step adds up, and leaves out no product', async () => {
  const [batch = []] = work.batches;
  const steps = [];
  for (const { own, step } of sides) {
    await own.ask('load', load);
    steps.push(await step(batch));
  }
  const [plain, traced] = steps;
  expect(plain?.sessions).toEqual([]);
  if (!traced) throw new Error('nothing was traced');
  // Three layers with four groups of rank 4 to each module, and the embedding matrix as output.
  const dimensions = { vocabulary: 288, ranks: new Set([4, 8, 12]) };
  const { parts } = accountFor(traced, dimensions);
  const calls = Object.fromEntries(parts.map((part) => [part.name, part.calls]));
  expect(calls['products outside of oneDNN']).toBe(0);
  // Each group forward, and backward for its input: the lowest layer's first group has no input that learns.
  expect(calls['products of layers']).toBe(3 * 4 * 2 - 1);
  expect(parts.reduce((sum, { seconds }) => sum + seconds, 0)).toBeCloseTo(traced.seconds, 6);
});
