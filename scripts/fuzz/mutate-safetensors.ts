/** Changes of a safetensors file: of its table, with a length that is right, of the length itself, and of any byte. */
import { littleEndian, mutateBytes } from './mutate-bytes.ts';
import { mutateJson } from './mutate-json.ts';
import { bits64, once, type Random } from './pick.ts';

export function mutateSafetensors(bytes: Buffer, random: Random): Buffer {
  const length = Number(bytes.readBigUInt64LE(0));
  if (once(random, 4)) return mutateBytes(bytes, random, [0, 4, 8, 8 + random.below(length)]);
  const header = mutateJson(bytes.subarray(8, 8 + length), random);
  const said = once(random, 6) ? bits64(random) : BigInt(header.length);
  return Buffer.concat([littleEndian(said, 8), header, bytes.subarray(8 + length)]);
}
