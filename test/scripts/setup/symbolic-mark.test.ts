/** A library is marked in one entry, and no other file is touched. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { entryToMark, mark } from '../../../scripts/setup/symbolic-mark.ts';

const folder = mkdtempSync(join(tmpdir(), 'lorikeet-mark-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const names = '\0libm.so.6\0ld-linux-x86-64.so.2\0';
const [needed, strings, symbolic] = [1n, 5n, 16n];
/** Where the parts of a library lie in the file; what is loaded lies `shift` further in memory. */
const at = { segments: 64, dynamic: 256, strings: 512 };
const shift = 0x1000;

/** A library as the loader sees it: two segments, the dynamic entries and the strings that they point into. */
function library(entries: readonly (readonly [bigint, bigint])[]): Buffer {
  const file = Buffer.alloc(600);
  file.set([0x7f, 0x45, 0x4c, 0x46, 2, 1]);
  file.writeBigUInt64LE(BigInt(at.segments), 32);
  file.writeUInt16LE(2, 56);
  for (const [index, { type, offset, bytes }] of [
    { type: 1, offset: 0, bytes: 600 },
    { type: 2, offset: at.dynamic, bytes: entries.length * 16 },
  ].entries()) {
    const start = at.segments + index * 56;
    file.writeUInt32LE(type, start);
    file.writeBigUInt64LE(BigInt(offset), start + 8);
    file.writeBigUInt64LE(BigInt(offset + shift), start + 16);
    file.writeBigUInt64LE(BigInt(bytes), start + 32);
  }
  for (const [index, [tag, value]] of entries.entries()) {
    file.writeBigUInt64LE(tag, at.dynamic + index * 16);
    file.writeBigUInt64LE(value, at.dynamic + index * 16 + 8);
  }
  file.write(names, at.strings, 'latin1');
  return file;
}

function written(contents: Uint8Array): string {
  const path = join(folder, 'library.so');
  writeFileSync(path, contents);
  return path;
}

const libm = BigInt(names.indexOf('libm'));
const loader = BigInt(names.indexOf('ld-linux'));
const stringsEntry = [strings, BigInt(at.strings + shift)] as const;

it('the entry that names the loader becomes the mark, and nothing else is changed', () => {
  const before = library([[needed, libm], [needed, loader], stringsEntry, [0n, 0n]]);
  const path = written(before);
  const place = at.dynamic + 16;
  expect(entryToMark(path)).toBe(place);
  mark(path);
  const expected = Buffer.from(before);
  expected.writeBigUInt64LE(symbolic, place);
  expected.writeBigUInt64LE(0n, place + 8);
  expect(readFileSync(path).equals(expected)).toBe(true);
  expect(entryToMark(path)).toBeNull();
  mark(path);
  expect(readFileSync(path).equals(expected)).toBe(true);
});

it.each([
  ['one that does not name the loader', library([[needed, libm], stringsEntry])],
  ['one that is marked', library([[symbolic, 0n], [needed, loader], stringsEntry])],
  ['one without strings', library([[needed, loader]])],
  ['one of 32 bits', library([[needed, loader], stringsEntry]).fill(1, 4, 5)],
  ['one that is cut off', library([[needed, loader], stringsEntry]).subarray(0, 60)],
  ['no library', Buffer.from('#!/bin/sh\n')],
])('%s is left alone', (_, contents) => {
  const path = written(contents);
  expect(entryToMark(path)).toBeNull();
  mark(path);
  expect(readFileSync(path).equals(contents)).toBe(true);
});
