/** What becomes of each kind of relocation. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { bindOwnSymbols } from '../../../scripts/setup/bound-symbols.ts';
import { at, library, shift, tags } from './elf-library.ts';

const folder = mkdtempSync(join(tmpdir(), 'lorikeet-bound-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const [absolute, globalData, jumpSlot, relative, threadModule] = [1, 6, 7, 8, 16];
/** Its binding (1 global, 2 weak, 10 unique), its type (1 object, 2 function, 6 of a thread, 10 chosen at run time), its section. */
type Symbol = { binding: number; type: number; section: number; value?: bigint };
type Relocation = { kind: number; symbol: number; addend: bigint };
const own: Symbol = { binding: 1, type: 2, section: 9, value: 0x500n };

/** What a relocation by the symbol is after it, and how many were bound. */
function bound(symbol: Symbol, kind: number, addend: bigint): Relocation & { count: number } {
  const file = library([
    [tags.symbols, BigInt(at.symbols + shift)],
    [tags.relocations, BigInt(at.relocations + shift)],
    [tags.relocationBytes, 24n],
  ]);
  // The first symbol of a table is none.
  const entry = at.symbols + 24;
  file.writeUInt8((symbol.binding << 4) | symbol.type, entry + 4);
  file.writeUInt16LE(symbol.section, entry + 6);
  file.writeBigUInt64LE(symbol.value ?? 0n, entry + 8);
  const relocation = at.relocations;
  file.writeBigUInt64LE(0x77n, relocation);
  file.writeUInt32LE(kind, relocation + 8);
  file.writeUInt32LE(1, relocation + 12);
  file.writeBigInt64LE(addend, relocation + 16);
  const path = join(folder, 'library.so');
  writeFileSync(path, file);
  const count = bindOwnSymbols(path);
  const after = readFileSync(path);
  // Where the address is put stays as it was, and so does the rest of the file.
  expect(after.readBigUInt64LE(relocation)).toBe(0x77n);
  expect(after.subarray(0, relocation).equals(file.subarray(0, relocation))).toBe(true);
  return {
    count,
    kind: after.readUInt32LE(relocation + 8),
    symbol: after.readUInt32LE(relocation + 12),
    addend: after.readBigInt64LE(relocation + 16),
  };
}

it('an address of an own symbol is one in the library', () => {
  const expected = { count: 1, kind: relative, symbol: 0 };
  expect(bound(own, absolute, 0x20n)).toEqual({ ...expected, addend: 0x520n });
  expect(bound(own, absolute, -0x20n)).toEqual({ ...expected, addend: 0x4e0n });
  expect(bound({ ...own, binding: 2, type: 1 }, absolute, 0n)).toEqual({
    ...expected,
    addend: 0x500n,
  });
  // Nothing is added to it.
  expect(bound(own, globalData, 0x20n)).toEqual({ ...expected, addend: 0x500n });
});

it.each<[string, Symbol, number]>([
  ['one of another library', { ...own, section: 0 }, absolute],
  ['one without a section', { ...own, section: 0xfff1 }, absolute],
  ['one that the whole process shares', { ...own, binding: 10 }, globalData],
  ['one of a thread', { ...own, type: 6 }, absolute],
  ['one that is chosen at run time', { ...own, type: 10 }, absolute],
  ['a place for a call', own, jumpSlot],
  ['a place that needs none', own, relative],
  ['a module of threads', own, threadModule],
])('%s is left alone', (_, symbol, kind) => {
  expect(bound(symbol, kind, 0x20n)).toEqual({ count: 0, kind, symbol: 1, addend: 0x20n });
});

it.each([
  ['a library without relocations', library([[tags.symbols, 1n]])],
  ['no library', Buffer.from('#!/bin/sh\n')],
])('%s is left alone', (_, contents) => {
  const path = join(folder, 'other');
  writeFileSync(path, contents);
  expect(bindOwnSymbols(path)).toBe(0);
  expect(readFileSync(path).equals(contents)).toBe(true);
});
