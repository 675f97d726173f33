/** A run of many points: read as columns without keeping others waiting, and as a tiny curve from a few of them. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openStore } from '../../../src/main/store/database.ts';
import { pointAt, stepColumns } from '../../../src/shared/contract/step-columns.ts';
import { smallConfig } from '../small-config.ts';
import { point } from './sample-records.ts';

const root = mkdtempSync(join(tmpdir(), 'lorikeet-long-'));
const store = openStore(join(root, 'lorikeet.db'));
afterAll(() => {
  store.close();
  rmSync(root, { recursive: true });
});

/** More than two slices, and no multiple of one. */
const many = 5000;
beforeAll(() => {
  for (let run = 1; run <= 3; run += 1) store.runs.create(smallConfig(), () => '/out');
  for (let step = 1; step <= many; step += 1) store.metrics.addStep(1, point(step));
  for (const step of [4, 2, 3]) store.metrics.addStep(2, point(step));
});

test('columns have every figure of every step, in order', async () => {
  const columns = stepColumns.parse(await store.metrics.columns(1));
  expect(columns.step).toEqual(Float64Array.from({ length: many }, (_, index) => index + 1));
  for (const step of [1, 2048, 2049, 4096, 4097, many])
    expect(pointAt(columns, step - 1)).toEqual(point(step));
  expect([pointAt(columns, -1), pointAt(columns, many)]).toEqual([undefined, undefined]);
  expect([...(await store.metrics.columns(2)).step]).toEqual([2, 3, 4]);
  expect((await store.metrics.columns(3)).step).toHaveLength(0);
});

test('others have their turn while a long run is read', async () => {
  let turns = 0;
  let reading = true;
  const count = () => {
    turns += 1;
    if (reading) setImmediate(count);
  };
  setImmediate(count);
  await store.metrics.columns(1);
  reading = false;
  // One after each slice of 2048 but the last.
  expect(turns).toBeGreaterThanOrEqual(2);
});

test('points that come while a run is read are whole or not there', async () => {
  const reading = store.metrics.columns(1);
  store.metrics.addStep(1, point(many + 1));
  const columns = await reading;
  expect(columns.step).toHaveLength(many + 1);
  expect(pointAt(columns, many)).toEqual(point(many + 1));
});

test('the tiny curve goes from the first step to the last, a mean of eight steps a point', () => {
  const curve = store.metrics.lossCurve(1);
  expect(curve).toHaveLength(96);
  expect([curve[0]?.x, curve.at(-1)?.x]).toEqual([1, many + 1]);
  expect(curve[0]?.y).toBe(point(1).loss);
  const eight = Array.from({ length: 8 }, (_, index) => point(many + 1 - index).loss);
  expect(curve.at(-1)?.y).toBeCloseTo(eight.reduce((sum, loss) => sum + loss, 0) / 8, 12);
  expect(store.metrics.lossCurve(2).map(({ x }) => x)).toEqual([2, 3, 4]);
  expect(store.metrics.lossCurve(3)).toEqual([]);
});
