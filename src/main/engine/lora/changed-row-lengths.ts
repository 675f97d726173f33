/** Lengths of the rows of a matrix with what an adapter changes of it: DoRA's magnitudes at which it changes no more than that. */
import type { Slot } from './layout.ts';
import { squaredRowLengths } from './row-lengths.ts';

/**
 * [out], of W + scaling · B·A; the sum is float32.
 * @param weight W [out, in]
 * @param factors A [rank, in] and B [out, rank]
 */
export function changedRowLengths(
  weight: Float32Array,
  { a, b }: { a: Float32Array; b: Float32Array },
  { module: { in: inputs, out }, rank, scaling }: Pick<Slot, 'module' | 'rank' | 'scaling'>,
): Float64Array {
  const sum = Float32Array.from(weight);
  for (let row = 0; row < out; row++) {
    for (let k = 0; k < rank; k++) {
      const factor = scaling * (b[row * rank + k] ?? NaN);
      for (let i = 0; i < inputs; i++) {
        const at = row * inputs + i;
        sum[at] = (sum[at] ?? NaN) + factor * (a[k * inputs + i] ?? NaN);
      }
    }
  }
  return squaredRowLengths(sum, out).map(Math.sqrt);
}
