/** Codes of four bits in bitsandbytes' order, two neighbours in a byte, the first in its high half. */

/** The codes in half-64 order. @param pairs of whole runs of 64 values */
export function fromPairs(pairs: Uint8Array): Uint8Array {
  const target = new Uint8Array(pairs.length);
  for (let begin = 0; begin < pairs.length; begin += 32) {
    for (let i = 0; i < 16; i++) {
      const early = pairs[begin + i] ?? 0;
      const late = pairs[begin + 16 + i] ?? 0;
      target[begin + 2 * i] = (early >>> 4) | (late & 0xf0);
      target[begin + 2 * i + 1] = (early & 15) | ((late & 15) << 4);
    }
  }
  return target;
}
