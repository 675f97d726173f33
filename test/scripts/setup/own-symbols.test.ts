/** The library is marked and bound, in a new folder and in one from before. */
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { findOwnSymbols, ownSymbols } from '../../../scripts/setup/own-symbols.ts';
import { at, library, names, shift, tags } from './elf-library.ts';

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true });
});

/** One that names the loader and has one relocation, by a symbol of its own. */
function unchanged(): Buffer {
  const file = library([
    [tags.needed, BigInt(names.indexOf('ld-linux'))],
    [tags.strings, BigInt(at.strings + shift)],
    [tags.symbols, BigInt(at.symbols + shift)],
    [tags.relocations, BigInt(at.relocations + shift)],
    [tags.relocationBytes, 24n],
  ]);
  file.writeUInt8((1 << 4) | 2, at.symbols + 28);
  file.writeUInt16LE(9, at.symbols + 30);
  file.writeBigUInt64LE(0x500n, at.symbols + 32);
  file.writeUInt32LE(1, at.relocations + 8);
  file.writeUInt32LE(1, at.relocations + 12);
  return file;
}

function folderWith(contents: Uint8Array): string {
  const folder = mkdtempSync(join(tmpdir(), 'lorikeet-own-'));
  folders.push(folder);
  writeFileSync(join(folder, 'libtensorflow_cc.so.2'), contents);
  return folder;
}

const libraryIn = (folder: string) => readFileSync(join(folder, 'libtensorflow_cc.so.2'));
const noteIn = (folder: string) => readFileSync(join(folder, 'CHANGES.txt'), 'utf8');

function expectChanged(folder: string): void {
  const file = libraryIn(folder);
  expect(file.readBigUInt64LE(at.dynamic)).toBe(tags.symbolic);
  expect(file.readUInt32LE(at.relocations + 8)).toBe(8);
  expect(file.readBigInt64LE(at.relocations + 16)).toBe(0x500n);
  expect(noteIn(folder)).toMatch(/^Lorikeet has changed libtensorflow_cc\.so\.2: .*DT_SYMBOLIC/);
}

it('one that nobody uses yet is changed where it lies, and that is written beside it', () => {
  const folder = folderWith(unchanged());
  findOwnSymbols(folder);
  expectChanged(folder);
  expect(ownSymbols(() => folder).done()).toBe(true);
});

it('one from before is changed as another file, once', async () => {
  const folder = folderWith(unchanged());
  writeFileSync(join(folder, 'CHANGES.txt'), 'Lorikeet has marked it.\n');
  const step = ownSymbols(() => folder);
  expect(step.done()).toBe(false);
  await step.run(() => undefined);
  expectChanged(folder);
  expect(step.done()).toBe(true);
  expect(readdirSync(folder).toSorted()).toEqual(['CHANGES.txt', 'libtensorflow_cc.so.2']);
});

it('one without a place for the mark is left alone, and is not tried again', async () => {
  const contents = library([[tags.strings, BigInt(at.strings + shift)]]);
  const folder = folderWith(contents);
  const step = ownSymbols(() => folder);
  expect(existsSync(join(folder, 'CHANGES.txt'))).toBe(false);
  await step.run(() => undefined);
  expect(libraryIn(folder).equals(contents)).toBe(true);
  expect(noteIn(folder)).toContain('changed nothing');
  expect(step.done()).toBe(true);
});
