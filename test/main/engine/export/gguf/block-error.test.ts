/** The bounds of quantised numbers: kept by what is quantised, and not by what is not. */
import { describe, expect, test } from 'vitest';
import { blockBounds, isBlock } from '../../../../../src/main/engine/export/gguf/block-error.ts';
import { dequantize } from '../../../../../src/main/engine/ggml/dequantize.ts';
import { ggmlBlocks, type GgmlType } from '../../../../../src/main/engine/ggml/ggml-types.ts';
import { bytesFor, quantize } from '../../../../../src/main/engine/ggml/quantize.ts';
import { keysOf } from '../../../../../src/shared/settings/setting.ts';
import { createRandom } from '../../../../../src/main/engine/random.ts';

const types = keysOf(ggmlBlocks).filter(isBlock);

/** Rows as weights are: normal, of several sizes, some with a number far out. */
function rows(): Float32Array[] {
  const random = createRandom(5);
  return [0.001, 0.02, 1, 30].flatMap((size) => {
    const row = Float32Array.from({ length: 512 }, () => size * random.normal());
    const withOutlier = row.slice();
    withOutlier[7] = 40 * size;
    return [row, withOutlier];
  });
}

function there(type: GgmlType, row: Float32Array): Float32Array {
  const bytes = new Uint8Array(bytesFor(type, row.length));
  quantize(type, row, bytes, 0);
  const back = new Float32Array(row.length);
  dequantize(type, bytes, back, 0);
  return back;
}

/** The error of a row in the square mean, as a share of its bound. */
function share(type: GgmlType, row: Float32Array, found: Float32Array): number {
  if (!isBlock(type)) throw new Error(`${type} has no blocks`);
  const bounds = blockBounds(Float64Array.from(row), type);
  const sum = (of: (i: number) => number) => row.reduce((all, _, i) => all + of(i) ** 2, 0);
  return Math.sqrt(sum((i) => (found[i] ?? NaN) - (row[i] ?? NaN)) / sum((i) => bounds[i] ?? NaN));
}

describe.each(types)('%s', (type) => {
  test('what is quantised keeps its bound', () => {
    for (const row of rows()) expect(share(type, row, there(type, row))).toBeLessThanOrEqual(1);
  });

  test('the numbers of another row do not', () => {
    const [row = new Float32Array(), , other = row] = rows();
    const scaled = other.map((value) => value / 20);
    expect(share(type, row, there(type, scaled))).toBeGreaterThan(1);
  });
});
