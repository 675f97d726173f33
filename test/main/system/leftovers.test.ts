/** What was left half written is known by its name, and only what nobody writes any more is taken away. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { removeLeftovers } from '../../../src/main/system/leftovers.ts';
import { partialName, partialOwner, thisOwner } from '../../../src/main/system/partial-name.ts';

const root = mkdtempSync(join(tmpdir(), 'lorikeet-leftovers-'));
afterAll(() => {
  rmSync(root, { recursive: true });
});

let count = 0;
function folderWith(names: readonly string[]): string {
  const folder = join(root, String((count += 1)));
  for (const name of names) mkdirSync(join(folder, name), { recursive: true });
  return folder;
}

/** As `partialName` has it, of another process. */
function nameOf({ pid, ticks, place }: ReturnType<typeof thisOwner>): string {
  return `.adapter.${pid}-${ticks}-${place}-0123abcd.partial`;
}

test('a name says whose it is, also one that was cut', () => {
  expect(partialOwner(partialName('adapter'))).toEqual(thisOwner());
  const long = partialName('ü'.repeat(120));
  expect(Buffer.byteLength(long)).toBeLessThan(256);
  expect(partialOwner(long)).toEqual(thisOwner());
  for (const other of ['adapter', '.adapter.partial', '.a.1-2-3-4.partial', 'download.partial'])
    expect(partialOwner(other)).toBe(null);
});

test('folders of processes that are gone go; those at work, files and other names stay', () => {
  const own = thisOwner();
  const { pid } = spawnSync(process.execPath, ['-e', '']);
  const gone = nameOf({ ...own, pid });
  // The number was given to another process since.
  const reused = nameOf({ ...own, ticks: `${own.ticks}0` });
  const atWork = nameOf(own);
  const folder = folderWith([gone, reused, atWork, 'adapter', '.hidden', 'x.partial']);
  writeFileSync(join(folder, gone, 'half'), 'half');
  const file = nameOf({ ...own, pid: pid + 1 });
  writeFileSync(join(folder, file), 'a file');
  const removed = removeLeftovers([folder, folder, join(folder, 'none')]);
  expect(removed.sort()).toEqual([join(folder, gone), join(folder, reused)].sort());
  expect(readdirSync(folder).sort()).toEqual(
    [atWork, file, '.hidden', 'adapter', 'x.partial'].sort(),
  );
});

test('of another machine, or from before this boot, only what was quiet for a day goes', () => {
  const other = { ...thisOwner(), place: '0123456789ab' };
  const [fresh, quiet] = [nameOf({ ...other, pid: 1 }), nameOf({ ...other, pid: 2 })];
  const folder = folderWith([fresh, quiet]);
  const before = new Date(Date.now() - 25 * 3600 * 1000);
  utimesSync(join(folder, quiet), before, before);
  expect(removeLeftovers([folder])).toEqual([join(folder, quiet)]);
});
