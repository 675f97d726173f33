/** A file or folder is whole or not there, and nothing is left beside it. */
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { place } from '../../../scripts/lib/place.ts';

let home = '';
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'lorikeet-place-'));
});
afterEach(() => {
  rmSync(home, { recursive: true });
});

function write(text: string) {
  return (folder: string) => {
    writeFileSync(join(folder, 'file'), text);
    return Promise.resolve(undefined);
  };
}

it('puts the folder in its place, with the parents that it needs', async () => {
  await place(join(home, 'a/b'), write('one'));
  expect(readFileSync(join(home, 'a/b/file'), 'utf8')).toBe('one');
  expect(readdirSync(join(home, 'a'))).toEqual(['b']);
});

it('puts one file out of the folder in its place', async () => {
  const target = join(home, 'binding');
  writeFileSync(target, 'old');
  await place(target, async (folder) => {
    await write('new')(folder);
    return join(folder, 'file');
  });
  expect(readFileSync(target, 'utf8')).toBe('new');
  expect(readdirSync(home)).toEqual(['binding']);
});

it('replaces what stood there', async () => {
  await place(join(home, 'a'), write('one'));
  await place(join(home, 'a'), write('two'));
  expect(readFileSync(join(home, 'a/file'), 'utf8')).toBe('two');
});

it('leaves the old one and nothing else when the work fails', async () => {
  await place(join(home, 'a'), write('one'));
  const failing = place(join(home, 'a'), async (folder) => {
    await write('half')(folder);
    expect(existsSync(folder)).toBe(true);
    throw new Error('the network went away');
  });
  await expect(failing).rejects.toThrow('the network went away');
  expect(readFileSync(join(home, 'a/file'), 'utf8')).toBe('one');
  expect(readdirSync(home)).toEqual(['a']);
});

it('clears what a killed attempt left, but not what may still be at work', async () => {
  mkdirSync(join(home, 'a.part-old'));
  mkdirSync(join(home, 'a.part-new'));
  mkdirSync(join(home, 'b.part-old'));
  const longAgo = new Date(Date.now() - 3 * 60 * 60_000);
  for (const name of ['a.part-old', 'b.part-old']) utimesSync(join(home, name), longAgo, longAgo);
  await place(join(home, 'a'), write('one'));
  expect(readdirSync(home).sort()).toEqual(['a', 'a.part-new', 'b.part-old']);
});

it('says where nothing can be written', async () => {
  writeFileSync(join(home, 'file'), '');
  const failing = place(join(home, 'file/a'), write('one'));
  await expect(failing).rejects.toThrow(`Nothing can be written to ${join(home, 'file')}`);
});
