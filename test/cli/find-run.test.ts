/** Which run a number or a name means. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { findRun } from '../../src/cli/find-run.ts';
import { openStore } from '../../src/main/store/database.ts';
import { smallConfig } from '../main/small-config.ts';

test('a number, a name, the one of a name that can go on, and what is not told apart', () => {
  const folder = mkdtempSync(join(tmpdir(), 'lorikeet-find-'));
  const store = openStore(join(folder, 'lorikeet.db'));
  const add = (name: string) => store.runs.create({ ...smallConfig(), name }, () => '/out').id;
  const ids = ['a', 'b', 'b', '1'].map(add);
  expect(findRun(store, '1').name).toBe('a');
  expect(findRun(store, 'a').id).toBe(ids[0]);
  expect(() => findRun(store, 'b')).toThrow('Several runs are called "b": 2, 3.');
  store.runs.update(3, { state: 'paused' });
  expect(findRun(store, 'b').id).toBe(3);
  expect(() => findRun(store, '99')).toThrow('There is no run 99.');
  store.close();
  rmSync(folder, { recursive: true });
});
