/** The mark of a library that is searched first for its own symbols: DT_SYMBOLIC in the dynamic section of an ELF file (elf(5)). */
import { closeSync, openSync, readSync, writeSync } from 'node:fs';

/** Numbers of the format. */
const elf64LittleEndian = Buffer.from([0x7f, 0x45, 0x4c, 0x46, 2, 1]);
const segment = { load: 1, dynamic: 2, bytes: 56 } as const;
const tag = { needed: 1n, strings: 5n, symbolic: 16n, bytes: 16 } as const;

/** Does nothing where there is nothing to mark. */
export function mark(path: string): void {
  const entry = entryToMark(path);
  if (entry === null) return;
  const symbolic = Buffer.alloc(tag.bytes);
  symbolic.writeBigUInt64LE(tag.symbolic);
  const file = openSync(path, 'r+');
  try {
    writeSync(file, symbolic, 0, tag.bytes, entry);
  } finally {
    closeSync(file);
  }
}

/**
 * Where in the file the entry lies that can become the mark: it says that the loader is needed, which is there in any case. Null for a
 * file that is marked, or no such library.
 */
export function entryToMark(path: string): number | null {
  const file = openSync(path, 'r');
  try {
    const read = (from: bigint, bytes: number) => {
      const buffer = Buffer.alloc(bytes);
      return buffer.subarray(0, readSync(file, buffer, 0, bytes, Number(from)));
    };
    return findEntry(read);
  } finally {
    closeSync(file);
  }
}

type Read = (from: bigint, bytes: number) => Buffer;

function findEntry(read: Read): number | null {
  const head = read(0n, 64);
  if (head.length < 64 || !head.subarray(0, 6).equals(elf64LittleEndian)) return null;
  const segments = pieces(
    read(head.readBigUInt64LE(32), head.readUInt16LE(56) * segment.bytes),
    segment.bytes,
  );
  const dynamic = segments.find((each) => each.readUInt32LE() === segment.dynamic);
  if (!dynamic) return null;
  const start = dynamic.readBigUInt64LE(8);
  const entries = pieces(read(start, Number(dynamic.readBigUInt64LE(32))), tag.bytes);
  const valuesOf = (wanted: bigint) => entries.filter((each) => each.readBigUInt64LE() === wanted);
  const [strings] = valuesOf(tag.strings);
  if (!strings || valuesOf(tag.symbolic).length > 0) return null;
  const names = inFile(segments, strings.readBigUInt64LE(8));
  const isLoader = (entry: Buffer) =>
    entry.readBigUInt64LE() === tag.needed &&
    read(names + entry.readBigUInt64LE(8), 9).toString() === 'ld-linux-';
  const index = entries.findIndex(isLoader);
  return index < 0 ? null : Number(start) + index * tag.bytes;
}

function pieces(buffer: Buffer, bytes: number): Buffer[] {
  const count = Math.floor(buffer.length / bytes);
  return Array.from({ length: count }, (_, i) => buffer.subarray(i * bytes, (i + 1) * bytes));
}

/** Where in the file lies what is loaded at this address. */
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
