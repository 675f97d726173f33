/** A small library as the loader sees it: one segment that is loaded, the dynamic entries, and what they point to. */

export const tags = {
  needed: 1n,
  strings: 5n,
  symbols: 6n,
  relocations: 7n,
  relocationBytes: 8n,
  symbolic: 16n,
} as const;

export const names = '\0libm.so.6\0ld-linux-x86-64.so.2\0';
/** Where its parts lie in the file; what is loaded lies `shift` further in memory. */
export const at = { segments: 64, dynamic: 256, strings: 512, symbols: 600, relocations: 800 };
export const shift = 0x1000;
const bytes = 1000;

export function library(entries: readonly (readonly [bigint, bigint])[]): Buffer {
  const file = Buffer.alloc(bytes);
  file.set([0x7f, 0x45, 0x4c, 0x46, 2, 1]);
  file.writeUInt16LE(62, 18);
  file.writeBigUInt64LE(BigInt(at.segments), 32);
  file.writeUInt16LE(2, 56);
  for (const [index, segment] of [
    { type: 1, offset: 0, bytes },
    { type: 2, offset: at.dynamic, bytes: entries.length * 16 },
  ].entries()) {
    const start = at.segments + index * 56;
    file.writeUInt32LE(segment.type, start);
    file.writeBigUInt64LE(BigInt(segment.offset), start + 8);
    file.writeBigUInt64LE(BigInt(segment.offset + shift), start + 16);
    file.writeBigUInt64LE(BigInt(segment.bytes), start + 32);
  }
  for (const [index, [tag, value]] of entries.entries()) {
    file.writeBigUInt64LE(tag, at.dynamic + index * 16);
    file.writeBigUInt64LE(value, at.dynamic + index * 16 + 8);
  }
  file.write(names, at.strings, 'latin1');
  return file;
}
