/** A process is told from another one that has its number later. */
import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { isAlive, thisProcess } from '../../../src/main/store/owner.ts';

test('this process is alive; one that has ended, or had this number before, is not', () => {
  const own = thisProcess();
  expect(isAlive(own)).toBe(true);
  expect(isAlive({ ...own, started: `${own.started}0` })).toBe(false);
  const { pid } = spawnSync(process.execPath, ['-e', '']);
  expect(isAlive({ pid, started: own.started })).toBe(false);
});
