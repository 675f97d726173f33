/** The places that are swept are those that the store knows. */
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
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
