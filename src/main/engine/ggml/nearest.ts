/** Rounding to integers as ggml does it: by adding a float32 number so large that its unit is 1. */

/** Adding and taking away 1.5 · 2^52 leaves of a float64 number the integer nearest to it, ties to even. */
export const integerShift = 6755399441055744;

/** Half the range of integers that the sum of a float32 number and 1.5 · 2^23 has bits for. */
const integerLimit = 4194304;

const float = new Float32Array(1);
const bits = new Uint32Array(float.buffer);

/** The integer nearest to a float32 number, ties to even; beyond ±2^22 what the last 23 bits of the sum happen to be. */
export function nearestInteger(value: number): number {
  const nearest = value + integerShift - integerShift;
  if (nearest > -integerLimit && nearest < integerLimit) return nearest;
  float[0] = value;
  float[0] += 12582912;
  return ((bits[0] ?? 0) & 0x7fffff) - integerLimit;
}

/** The same, no less than `bottom` and no more than `top`. */
export function nearestLevel(value: number, bottom: number, top: number): number {
  const nearest = value + integerShift - integerShift;
  if (nearest >= bottom && nearest <= top) return nearest;
  return Math.max(bottom, Math.min(top, nearestInteger(value)));
}
