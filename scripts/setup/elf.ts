/** A library as the loader sees it: an ELF file for x86-64 (elf(5)). */

/** So many bytes from this place in a file; fewer where it ends. */
export type Read = (from: bigint, bytes: number) => Buffer;

type DynamicEntry = { tag: bigint; value: bigint };

export type Elf = {
  /** Where in the file the dynamic section begins. */
  start: bigint;
  /** What the dynamic section says. */
  dynamic: readonly DynamicEntry[];
  /** Where in the file lies what is loaded at this address. */
  inFile: (address: bigint) => bigint;
};

/** 64 bits, little-endian. */
const elf64 = Buffer.from([0x7f, 0x45, 0x4c, 0x46, 2, 1]);
const x8664 = 62;
const segment = { load: 1, dynamic: 2, bytes: 56 } as const;
export const dynamicEntryBytes = 16;

/** Null for any other file, and for one without a dynamic section. */
export function readElf(read: Read): Elf | null {
  const head = read(0n, 64);
  if (head.length < 64 || !head.subarray(0, 6).equals(elf64)) return null;
  if (head.readUInt16LE(18) !== x8664) return null;
  const segments = entriesOf(
    read(head.readBigUInt64LE(32), head.readUInt16LE(56) * segment.bytes),
    segment.bytes,
  );
  const found = segments.find((each) => each.readUInt32LE() === segment.dynamic);
  if (!found) return null;
  const start = found.readBigUInt64LE(8);
  const section = read(start, Number(found.readBigUInt64LE(32)));
  const dynamic = entriesOf(section, dynamicEntryBytes).map((each) => ({
    tag: each.readBigUInt64LE(),
    value: each.readBigUInt64LE(8),
  }));
  return { start, dynamic, inFile: (address) => inFile(segments, address) };
}

/** The entries of a table, each of so many bytes. */
export function entriesOf(buffer: Buffer, bytes: number): Buffer[] {
  const count = Math.floor(buffer.length / bytes);
  return Array.from({ length: count }, (_, i) => buffer.subarray(i * bytes, (i + 1) * bytes));
}

function inFile(segments: readonly Buffer[], address: bigint): bigint {
  const holds = (each: Buffer) => {
    const from = each.readBigUInt64LE(16);
    return (
      each.readUInt32LE() === segment.load &&
      from <= address &&
      address < from + each.readBigUInt64LE(32)
    );
  };
  const found = segments.find(holds);
  return found ? address - found.readBigUInt64LE(16) + found.readBigUInt64LE(8) : address;
}
