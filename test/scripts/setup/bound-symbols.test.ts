/** What becomes of each kind of relocation. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { bindOwnSymbols } from '../../../scripts/setup/bound-symbols.ts';
import { temporaryFolder } from '../../main/engine/checkpoint/fixtures.ts';
import { at, library, shift, tags } from './elf-library.ts';

const [absolute, globalData, jumpSlot, relative, threadModule] = [1, 6, 7, 8, 16];
/** Its binding (0 local, 1 global, 2 weak, 10 unique), its type (0 none, 1 object, 2 function, 6 of a thread, 10 chosen at run time), its section. */
type Symbol = { binding: number; type: number; section: number; value: bigint };
type Relocation = { kind: number; symbol: number; addend: bigint };
/** A function, further in memory than 32 bits say. */
const own: Symbol = { binding: 1, type: 2, section: 9, value: 0x5_0000_0500n };

/** A library with these symbols, by number from 1, and relocations. */
function withTables(symbols: readonly Symbol[], relocations: readonly Relocation[]): Buffer {
  const file = library([
    [tags.symbols, BigInt(at.symbols + shift)],
    [tags.relocations, BigInt(at.relocations + shift)],
    [tags.relocationBytes, BigInt(24 * relocations.length)],
  ]);
  for (const [index, { binding, type, section, value }] of symbols.entries()) {
    // The first symbol of a table is none.
    const start = at.symbols + 24 * (index + 1);
    file.writeUInt8((binding << 4) | type, start + 4);
    file.writeUInt16LE(section, start + 6);
    file.writeBigUInt64LE(value, start + 8);
  }
  for (const [index, { kind, symbol, addend }] of relocations.entries()) {
    const start = at.relocations + 24 * index;
    file.writeBigUInt64LE(BigInt(0x77 + index), start);
    file.writeUInt32LE(kind, start + 8);
    file.writeUInt32LE(symbol, start + 12);
    file.writeBigInt64LE(addend, start + 16);
  }
  return file;
}

/** The relocations after it, and how many were bound. Everything else is as it was. */
function bound(symbols: readonly Symbol[], relocations: readonly Relocation[]) {
  const path = join(temporaryFolder(), 'library.so');
  const before = withTables(symbols, relocations);
  writeFileSync(path, before);
  const count = bindOwnSymbols(path);
  const after = readFileSync(path);
  const found = relocations.map((_, index): Relocation => {
    const start = at.relocations + 24 * index;
    return {
      kind: after.readUInt32LE(start + 8),
      symbol: after.readUInt32LE(start + 12),
      addend: after.readBigInt64LE(start + 16),
    };
  });
  expect(after.equals(withTables(symbols, found))).toBe(true);
  return { count, found };
}

it('an address of an own symbol is one in the library, each by its own symbol', () => {
  const weak = { ...own, binding: 2, type: 1, value: 0x900n };
  const untyped = { ...own, type: 0, value: 0x300n };
  const place = (kind: number, symbol: number, addend: bigint) => ({ kind, symbol, addend });
  const asked = [
    place(relative, 0, 0x44n),
    place(absolute, 2, 0x20n),
    place(absolute, 1, -0x20n),
    // Nothing is added to it.
    place(globalData, 1, 0x20n),
    place(jumpSlot, 3, 0n),
    place(absolute, 3, 0n),
  ];
  expect(bound([own, weak, untyped], asked)).toEqual({
    count: 4,
    found: [
      place(relative, 0, 0x44n),
      place(relative, 0, 0x920n),
      place(relative, 0, own.value - 0x20n),
      place(relative, 0, own.value),
      place(jumpSlot, 3, 0n),
      place(relative, 0, 0x300n),
    ],
  });
});

it.each<[string, Symbol, number]>([
  ['one of another library', { ...own, section: 0 }, absolute],
  ['one without a section', { ...own, section: 0xff00 }, absolute],
  ['one without an address', { ...own, value: 0n }, absolute],
  ['one of its file alone', { ...own, binding: 0 }, absolute],
  ['one that the whole process shares', { ...own, binding: 10 }, globalData],
  ['one of a thread', { ...own, type: 6 }, absolute],
  ['one that is chosen at run time', { ...own, type: 10 }, absolute],
  ['a place for a call', own, jumpSlot],
  ['a place that needs none', own, relative],
  ['a module of threads', own, threadModule],
])('%s is left alone', (_, symbol, kind) => {
  const relocation = { kind, symbol: 1, addend: 0x20n };
  expect(bound([symbol], [relocation])).toEqual({ count: 0, found: [relocation] });
});

it.each([
  ['a library without relocations', library([[tags.symbols, 1n]])],
  ['no library', Buffer.from('#!/bin/sh\n')],
])('%s is left alone', (_, contents) => {
  const path = join(temporaryFolder(), 'other');
  writeFileSync(path, contents);
  expect(bindOwnSymbols(path)).toBe(0);
  expect(readFileSync(path).equals(contents)).toBe(true);
});
