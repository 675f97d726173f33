/** A library is marked in one entry, and no other file is touched. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { mark } from '../../../scripts/setup/symbolic-mark.ts';
import { at, library, names, shift, tags } from './elf-library.ts';

const folder = mkdtempSync(join(tmpdir(), 'lorikeet-mark-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

function written(contents: Uint8Array): string {
  const path = join(folder, 'library.so');
  writeFileSync(path, contents);
  return path;
}

const { needed, strings, symbolic } = tags;
const libm = BigInt(names.indexOf('libm'));
const loader = BigInt(names.indexOf('ld-linux'));
const stringsEntry = [strings, BigInt(at.strings + shift)] as const;

it('the entry that names the loader becomes the mark, and nothing else is changed', () => {
  const before = library([[needed, libm], [needed, loader], stringsEntry, [0n, 0n]]);
  const path = written(before);
  const place = at.dynamic + 16;
  expect(mark(path)).toBe(true);
  const expected = Buffer.from(before);
  expected.writeBigUInt64LE(symbolic, place);
  expected.writeBigUInt64LE(0n, place + 8);
  expect(readFileSync(path).equals(expected)).toBe(true);
  expect(mark(path)).toBe(true);
  expect(readFileSync(path).equals(expected)).toBe(true);
});

it.each([
  ['one that does not name the loader', library([[needed, libm], stringsEntry])],
  ['one without strings', library([[needed, loader]])],
  ['one of 32 bits', library([[needed, loader], stringsEntry]).fill(1, 4, 5)],
  ['one for another processor', library([[needed, loader], stringsEntry]).fill(183, 18, 19)],
  ['one that is cut off', library([[needed, loader], stringsEntry]).subarray(0, 60)],
  ['no library', Buffer.from('#!/bin/sh\n')],
])('%s is left alone', (_, contents) => {
  const path = written(contents);
  expect(mark(path)).toBe(false);
  expect(readFileSync(path).equals(contents)).toBe(true);
});
