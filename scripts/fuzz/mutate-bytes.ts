/** Changes of bytes that know nothing of a format: flipped, cut, doubled, moved, and numbers that lie. */
import { bits64, once, pick, type Random } from './pick.ts';

/** No input grows beyond this. */
const mostBytes = 4 << 20;

type Edit = (bytes: Buffer, at: number, random: Random) => Buffer;

const splice = (bytes: Buffer, at: number, cut: number, put: Uint8Array): Buffer =>
  Buffer.concat([bytes.subarray(0, at), put, bytes.subarray(at + cut)]);

const edits: [Edit, ...Edit[]] = [
  (bytes, at, random) => splice(bytes, at, 1, Buffer.of((bytes[at] ?? 0) ^ (1 << random.below(8)))),
  (bytes, at, random) => splice(bytes, at, 1, Buffer.of(pick(random, [0, 1, 0x7f, 0x80, 0xff]))),
  (bytes, at, random) => splice(bytes, at, 0, Buffer.of(random.below(256), random.below(256))),
  (bytes, at, random) => splice(bytes, at, 1 + random.below(64), Buffer.of()),
  (bytes, at) => bytes.subarray(0, at),
  // Long numbers of seven bits a byte, as in Parquet's footers.
  (bytes, at, random) =>
    splice(
      bytes,
      at,
      random.below(3),
      Buffer.of(0xff, 0xff, 0xff, 0xff, pick(random, [0x07, 0x0f, 0xff])),
    ),
  (bytes, at, random) => splice(bytes, at, 4, littleEndian(bits64(random), 4)),
  (bytes, at, random) => splice(bytes, at, 8, littleEndian(bits64(random), 8)),
  (bytes, at, random) => {
    const from = random.below(bytes.length + 1);
    const part = bytes.subarray(from, from + 1 + random.below(256));
    const times = once(random, 4) ? 1 + random.below(2000) : 1;
    return splice(bytes, at, 0, Buffer.concat(Array.from({ length: times }, () => part)));
  },
];

export function littleEndian(value: bigint, bytes: number): Buffer {
  const buffer = Buffer.alloc(8);
  buffer.writeBigUInt64LE(BigInt.asUintN(64, value));
  return buffer.subarray(0, bytes);
}

/** @param places where edits are likelier to be told apart: counts, types and lengths */
export function mutateBytes(bytes: Buffer, random: Random, places: readonly number[] = []): Buffer {
  let mutated = Buffer.from(bytes);
  for (let left = 1 + random.below(4); left > 0; left--) {
    const known = places[random.below(Math.max(1, places.length))];
    const at = known !== undefined && !once(random, 4) ? known : random.below(mutated.length + 1);
    mutated = Buffer.from(pick(random, edits)(mutated, at, random).subarray(0, mostBytes));
  }
  return mutated;
}
