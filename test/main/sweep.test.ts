/** The places that are swept are those that the store knows. */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { openStore } from '../../src/main/store/database.ts';
import { sweep, sweepRuns } from '../../src/main/sweep.ts';
import { halfWritten } from '../support/half-written.ts';
import { smallConfig } from './small-config.ts';

const root = mkdtempSync(join(tmpdir(), 'lorikeet-sweep-'));
afterAll(() => {
  rmSync(root, { recursive: true });
});

test('beside the outputs of runs, among their checkpoints and in the folder of adapters, and nowhere else', () => {
  const store = openStore(join(root, 'home', 'lorikeet.db'));
  const { id } = store.runs.create(smallConfig(), () => join(root, 'mine', 'adapter'));
  store.runs.update(id, { checkpointFolder: join(root, 'mine', 'kept') });
  const half = halfWritten('x');
  const known = ['mine', 'mine/kept', 'home/adapters'];
  const folders = [...known, 'elsewhere', 'mine/deeper'].map((name) => join(root, name, half));
  for (const folder of folders) mkdirSync(folder, { recursive: true });
  const removed = sweep(store, join(root, 'home', 'adapters'));
  expect(removed.sort()).toEqual(known.map((name) => join(root, name, half)).sort());
  expect(folders.filter((folder) => existsSync(folder))).toHaveLength(2);
  store.close();
});

test('of runs that begin: beside their outputs and among their checkpoints', () => {
  const half = halfWritten('x');
  const known = ['one', 'one/kept'];
  const folders = [...known, 'other'].map((name) => join(root, name, half));
  for (const folder of folders) mkdirSync(folder, { recursive: true });
  const place = {
    output: join(root, 'one', 'adapter'),
    checkpointFolder: join(root, 'one', 'kept'),
  };
  const removed = sweepRuns([{ ...place, checkpoint: null }]);
  expect(removed.sort()).toEqual(known.map((name) => join(root, name, half)).sort());
  expect(folders.filter((folder) => existsSync(folder))).toEqual([join(root, 'other', half)]);
});

test('the checkpoints of a run that was over when its process was killed, and of no other', async () => {
  const store = openStore(join(root, 'over', 'lorikeet.db'));
  const states = ['finished', 'stopped', 'paused', 'running', 'preparing'] as const;
  const runs = states.map((state) => {
    const { id } = store.runs.create(smallConfig(), () => join(root, 'over', state));
    const checkpointFolder = join(root, 'over', `${state}.checkpoints`);
    const path = join(checkpointFolder, 'step-000002');
    mkdirSync(path, { recursive: true });
    const checkpoint = { path, step: 2, at: 0 };
    store.runs.update(id, { state, checkpointFolder, checkpoint });
    return { id, checkpointFolder };
  });
  // Those of one that was trained with others, which go on: also where the store does not tell of theirs yet.
  for (const { id } of runs.slice(2)) {
    const shared = store.runs.create(smallConfig(), () => join(root, 'over', `with ${id}`));
    const { checkpointFolder, checkpoint } = store.runs.get(id);
    store.runs.update(shared.id, { state: 'finished', checkpointFolder, checkpoint });
  }
  store.runs.update(runs[4]?.id ?? NaN, { checkpoint: null });
  sweep(store, join(root, 'over', 'adapters'));
  const left = () => runs.map(({ checkpointFolder }) => existsSync(checkpointFolder));
  expect(left()).toEqual([false, false, true, true, true]);
  const told = runs.map(({ id }) => store.runs.get(id).checkpoint !== null);
  expect(told).toEqual([false, false, true, true, false]);
  // What was set aside is removed meanwhile.
  const hidden = () => readdirSync(join(root, 'over')).filter((name) => name.startsWith('.'));
  await expect.poll(hidden).toEqual([]);
  store.close();
});
