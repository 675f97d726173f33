/** TensorFlow's library is marked and bound. */
import { closeSync, openSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { findOwnSymbols, findsOwnSymbols } from '../../../scripts/setup/own-symbols.ts';
import { temporaryFolder } from '../../main/engine/checkpoint/fixtures.ts';
import { at, library, names, shift, tags } from './elf-library.ts';

const name = 'libtensorflow_cc.so.2';
const noteIn = (folder: string) => readFileSync(join(folder, 'CHANGES.txt'), 'utf8');

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
  const folder = temporaryFolder();
  writeFileSync(join(folder, name), contents);
  return folder;
}

it('a copy is changed and put in place, and that is written beside it, once', async () => {
  const folder = folderWith(unchanged());
  writeFileSync(join(folder, 'CHANGES.txt'), 'Lorikeet has marked it.\n');
  expect(findsOwnSymbols(folder)).toBe(false);
  // A process that loads the old one meanwhile.
  const old = openSync(join(folder, name), 'r');
  onTestFinished(() => {
    closeSync(old);
  });
  await findOwnSymbols(folder);
  const file = readFileSync(join(folder, name));
  expect(file.readBigUInt64LE(at.dynamic)).toBe(tags.symbolic);
  expect(file.readUInt32LE(at.relocations + 8)).toBe(8);
  expect(file.readBigInt64LE(at.relocations + 16)).toBe(0x500n);
  expect(noteIn(folder)).toMatch(/^Lorikeet has changed libtensorflow_cc\.so\.2: .*DT_SYMBOLIC/);
  expect(readFileSync(old).equals(unchanged())).toBe(true);
  expect(findsOwnSymbols(folder)).toBe(true);
  expect(readdirSync(folder).toSorted()).toEqual(['CHANGES.txt', name]);
});

it('one without a place for the mark is left alone, and is not tried again', async () => {
  const contents = library([[tags.strings, BigInt(at.strings + shift)]]);
  const folder = folderWith(contents);
  expect(findsOwnSymbols(folder)).toBe(false);
  await findOwnSymbols(folder);
  expect(readFileSync(join(folder, name)).equals(contents)).toBe(true);
  expect(noteIn(folder)).toContain('changed nothing');
  expect(findsOwnSymbols(folder)).toBe(true);
});
