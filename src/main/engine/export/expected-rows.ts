/** What merged rows have to be, in double precision, and how far what is written may lie from it. */
import type { MergeDtype } from '../../../shared/contract/merge-report.ts';
import type { AdapterModule } from '../checkpoint/adapter.ts';

/** Values of one row, and the largest error that each may have. */
export type ExpectedRow = { values: Float64Array; bounds: Float64Array };

/** Half a unit of float32 at 1. */
const unit = 2 ** -24;
/** Bits of the fraction, and the exponent of the smallest normal number. */
const formats: Readonly<Record<MergeDtype, { fraction: number; least: number }>> = {
  float32: { fraction: 23, least: -126 },
  bfloat16: { fraction: 7, least: -126 },
  float16: { fraction: 10, least: -14 },
};

/** Half a unit in the last place of `dtype` at `value`: the most that rounding to nearest moves it. */
export function halfUnit(value: number, dtype: MergeDtype): number {
  const { fraction, least } = formats[dtype];
  return powerOfTwo(Math.max(exponentOf(value), least) - fraction - 1);
}

const bits = new DataView(new ArrayBuffer(8));
/** Of the exponent in a double. */
const bias = 1023;

/** e of |value| in [2^e, 2^(e+1)). */
function exponentOf(value: number): number {
  bits.setFloat64(0, value);
  return ((bits.getUint16(0) >> 4) & 0x7ff) - bias;
}

/** 2^e of a normal double, put together from its bits: `**` takes many times as long, for every number that is compared. */
function powerOfTwo(exponent: number): number {
  bits.setInt32(0, (exponent + bias) << 20);
  bits.setInt32(4, 0);
  return bits.getFloat64(0);
}

/**
 * Row `row` of W + scaling·B·A, with DoRA of m · (W + scaling·B·A) / ‖W + scaling·B·A‖. `base` is the row of W.
 *
 * The export computes in float32. A value is W plus r products, so by the usual bound for sums in any order (Higham, Accuracy
 * and Stability, 3.1) it is off by at most (r + 3)·u·S with S = |W| + scaling·Σ|b||a|. A DoRA row is divided by its length, whose
 * relative error is at most (n/2 + (r + 3)·‖S‖/‖V‖ + 4)·u. To that comes half a unit of the written type.
 */
export function expectedRow(
  base: Float64Array,
  row: number,
  module: AdapterModule | null,
  dtype: MergeDtype,
): ExpectedRow {
  if (module === null) return { values: base, bounds: base.map((each) => halfUnit(each, dtype)) };
  const { rank, scaling, a, b, magnitude, in: columns } = module;
  const values = base.slice();
  const sizes = base.map(Math.abs);
  for (let k = 0; k < rank; k++) {
    const factor = scaling * (b[row * rank + k] ?? NaN);
    for (let i = 0; i < columns; i++) {
      const product = factor * (a[k * columns + i] ?? NaN);
      values[i] = (values[i] ?? NaN) + product;
      sizes[i] = (sizes[i] ?? NaN) + Math.abs(product);
    }
  }
  const products = (rank + 3) * unit;
  const length = magnitude === null ? NaN : norm(values);
  const ratio = magnitude === null ? 1 : (magnitude[row] ?? NaN) / length;
  const division =
    magnitude === null ? 0 : (columns / 2 + 4) * unit + (products * norm(sizes)) / length;
  const bounds = new Float64Array(columns);
  for (let i = 0; i < columns; i++) {
    const value = values[i] ?? NaN;
    const computed = Math.abs(ratio) * (products * (sizes[i] ?? NaN) + division * Math.abs(value));
    values[i] = ratio * value;
    bounds[i] = computed + halfUnit(Math.abs(ratio * value) + computed, dtype);
  }
  return { values, bounds };
}

function norm(values: Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value * value;
  return Math.sqrt(sum);
}
