/** The numbers that codes of four bits stand for, as bitsandbytes has them (functional.py). */
import type { FourBitTable } from './packing.ts';

/** NormalFloat (Dettmers et al. 2023, arXiv:2305.14314), and a sign, two bits of exponent and one of mantissa. */
export const fourBitTables: Readonly<Record<FourBitTable, Float32Array>> = {
  nf4: Float32Array.of(
    ...[-1, -0.6961928009986877, -0.5250730514526367, -0.39491748809814453],
    ...[-0.28444138169288635, -0.18477343022823334, -0.09105003625154495, 0],
    ...[0.07958029955625534, 0.16093020141124725, 0.24611230194568634, 0.33791524171829224],
    ...[0.44070982933044434, 0.5626170039176941, 0.7229568362236023, 1],
  ),
  fp4: Float32Array.of(
    ...[0, 0.0625, 8, 12, 4, 6, 2, 3, -0, -0.0625, -8, -12, -4, -6, -2, -3].map(
      (twelfths) => twelfths / 12,
    ),
  ),
};

/** Half way between neighbouring numbers of an ordered table, in float32. */
export function midpointsOf(numbers: Float32Array): Float32Array {
  return numbers.subarray(1).map((number, i) => Math.fround(number + (numbers[i] ?? 0)) / 2);
}
