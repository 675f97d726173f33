/** Sums of float32 numbers in PyTorch's order, where their last bit counts. */

/** Numbers of a vector register of 256 bits; four such vectors are summed side by side. */
const lanes = 8;
const columns = 4 * lanes;
const levels = 4;

/**
 * What `torch.sum` gives on one thread (cascade_sum of ATen's SumKernel.cpp): 32 columns are summed on their own, in four levels,
 * each of which is emptied into the next after a power of two of rows. On several threads PyTorch adds up vectors from 32,768
 * numbers on in another order.
 */
export function torchSum(values: Float32Array): number {
  const rows = Math.floor(values.length / columns);
  const power = Math.max(4, Math.floor(Math.ceil(Math.log2(Math.max(1, rows))) / levels));
  const sums = Array.from({ length: levels }, () => new Float32Array(columns));
  const [sum = new Float32Array(columns), ...higher] = sums;
  for (let row = 1; row <= rows; row++) {
    add(sum, columns, values, (row - 1) * columns);
    let full = sum;
    for (const [i, level] of higher.entries()) {
      if (row % 2 ** (power * (i + 1)) !== 0) break;
      add(level, columns, full, 0);
      full.fill(0);
      full = level;
    }
  }
  for (const level of higher) add(sum, columns, level, 0);
  const whole = Math.floor(values.length / lanes) * lanes;
  for (let begin = rows * columns; begin < whole; begin += lanes) add(sum, lanes, values, begin);
  for (let begin = lanes; begin < columns; begin += lanes) add(sum, lanes, sum, begin);
  const last = [...values.subarray(whole), ...sum.subarray(0, lanes)];
  return last.reduce((total, value) => Math.fround(total + value), 0);
}

/** Adds `count` numbers of `source`, from `from` on, to the first of `target`. */
function add(target: Float32Array, count: number, source: Float32Array, from: number): void {
  for (let i = 0; i < count; i++) target[i] = (target[i] ?? 0) + (source[from + i] ?? 0);
}
