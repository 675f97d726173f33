/**
 * Places in a library that hold the address of one of its own symbols are told to the loader without the symbol, as `ld -Bsymbolic`
 * does it. Right for a library that is searched first for its own symbols (symbolic-mark.ts): the loader would find no other.
 */
import { writeSync } from 'node:fs';
import { changeFile } from './change-file.ts';
import { entriesOf, readElf, type Read } from './elf.ts';

const tag = { symbols: 6n, relocations: 7n, relocationBytes: 8n } as const;
/** An entry of the table of relocations and one of the table of symbols: elf(5), `Elf64_Rela` and `Elf64_Sym`. */
const entryBytes = 24;
/** R_X86_64_64, R_X86_64_GLOB_DAT and R_X86_64_RELATIVE: psABI of AMD64, 4.4.1. */
const kinds = { absolute: 1, globalData: 6, relative: 8 } as const;
const bindings: readonly number[] = [1, 2]; // global, weak: not those that a whole process shares
const types: readonly number[] = [0, 1, 2]; // none, object, function: no variable of a thread, no choice at run time
const reserved = 0xff00;

/** How many places were bound in the library at `path`, which is changed; 0 where there are none, and for any other file. */
export function bindOwnSymbols(path: string): number {
  return changeFile(path, (file, read) => {
    const tables = readTables(read);
    if (tables === null) return 0;
    const { place, relocations, entries, symbols } = tables;
    const bound = entries.filter((entry) => bind(entry, symbols));
    if (bound.length === 0) return 0;
    const written = writeSync(file, relocations, 0, relocations.length, place);
    if (written < relocations.length) throw new Error(`${path} could not be written.`);
    return bound.length;
  });
}

/** `place` is that of the relocations in the file, of which `entries` are views. */
type Tables = { place: number; relocations: Buffer; entries: Buffer[]; symbols: Buffer };

function readTables(read: Read): Tables | null {
  const elf = readElf(read);
  const valueOf = (wanted: bigint) => elf?.dynamic.find((entry) => entry.tag === wanted)?.value;
  const [at, bytes, symbolsAt] = [
    valueOf(tag.relocations),
    valueOf(tag.relocationBytes),
    valueOf(tag.symbols),
  ];
  if (elf === null || at === undefined || bytes === undefined || symbolsAt === undefined)
    return null;
  const place = elf.inFile(at);
  const relocations = read(place, Number(bytes));
  const entries = entriesOf(relocations, entryBytes);
  const last = entries.reduce((most, entry) => Math.max(most, symbolOf(entry)), 0);
  // How many symbols there are is written nowhere.
  const symbols = read(elf.inFile(symbolsAt), (last + 1) * entryBytes);
  return { place: Number(place), relocations, entries, symbols };
}

const symbolOf = (relocation: Buffer): number => relocation.readUInt32LE(12);

/** Whether it names a symbol of the library itself, and is bound to it now. */
function bind(relocation: Buffer, symbols: Buffer): boolean {
  const kind = relocation.readUInt32LE(8);
  if (kind !== kinds.absolute && kind !== kinds.globalData) return false;
  const symbol = symbols.subarray(symbolOf(relocation) * entryBytes);
  const [info, section] = [symbol.readUInt8(4), symbol.readUInt16LE(6)];
  const value = symbol.readBigInt64LE(8);
  const isOwn = section > 0 && section < reserved && value !== 0n;
  if (!isOwn || !bindings.includes(info >> 4) || !types.includes(info & 15)) return false;
  const addend = kind === kinds.absolute ? relocation.readBigInt64LE(16) : 0n;
  relocation.writeBigUInt64LE(BigInt(kinds.relative), 8);
  relocation.writeBigInt64LE(value + addend, 16);
  return true;
}
