/** Merging on the device: rounding bit for bit as in the file formats, and rows in parts as in one piece. */
import { afterAll, describe, expect, test } from 'vitest';
import type { AdapterModule } from '../../../../src/main/engine/checkpoint/adapter.ts';
import {
  floatBytes,
  widened,
  type FloatType,
} from '../../../../src/main/engine/numbers/float-formats.ts';
import { narrowed } from '../../../../src/main/engine/checkpoint/safetensors-writer.ts';
import type { StoredRows } from '../../../../src/main/engine/checkpoint/stored-rows.ts';
import { Merger } from '../../../../src/main/engine/lora/merge.ts';
import { createRandom } from '../../../../src/main/engine/random.ts';
import { gamma } from '../../../support/rounding.ts';

const mergers = {
  float32: new Merger('float32'),
  bfloat16: new Merger('bfloat16'),
  float16: new Merger('float16'),
};
afterAll(() => {
  for (const merger of Object.values(mergers)) merger.dispose();
});

function rowsOf(type: FloatType, bytes: Uint8Array, columns: number, first = 0): StoredRows {
  const rows = bytes.length / floatBytes[type] / columns;
  return { name: 'x', type, bytes, first, rows, columns, last: true };
}

const bytesOf = (values: Float32Array | Uint16Array) =>
  new Uint8Array(values.buffer, values.byteOffset);

function converted(type: FloatType, bytes: Uint8Array, written: FloatType): Uint8Array {
  return mergers[written].merge(rowsOf(type, bytes, bytes.length / floatBytes[type]), null).bytes;
}

const allPatterns = Uint16Array.from({ length: 0x10000 }, (_, i) => i);

describe.each(['bfloat16', 'float16'] as const)('%s', (type) => {
  const infinity = type === 'float16' ? 0x7c00 : 0x7f80;

  test('every bit pattern becomes its float32 value', () => {
    const values = widened(converted(type, bytesOf(allPatterns), 'float32'), 'float32');
    expect(values).toEqual(widened(bytesOf(allPatterns), type));
  });

  test('float32 is rounded to nearest and ties to even, also where numbers are subnormal', () => {
    const numbers = widened(bytesOf(allPatterns.slice(0, infinity)), type);
    const cases = [...numbers].slice(0, -1).flatMap((low, i) => {
      const step = (numbers[i + 1] ?? NaN) - low;
      return [low, low + step / 8, low + step / 2, low + 0.51 * step].flatMap((x) => [x, -x]);
    });
    const values = Float32Array.from([...cases, Infinity, -Infinity]);
    const found = converted('float32', bytesOf(values), type);
    expect(Buffer.from(found).equals(narrowed('x', values, type))).toBe(true);
  });

  test('an odd number of values', () => {
    const values = Float32Array.from({ length: 15 }, (_, i) => i - 7);
    const { bytes } = mergers[type].merge(rowsOf('float32', bytesOf(values), 5), null);
    expect(widened(bytes.slice(), type)).toEqual(values);
  });
});

/**
 * Numbers for which LoRA's results are exact in float32, so that kernels for 5, 7 and 12 rows cannot differ, on whatever
 * processor. W + scaling · B·A has rows of 36 numbers ±c and 4 zeros, c from 256.5 in steps of 2: their length is 6c, and bfloat16
 * takes ½ from each c. DoRA's magnitudes are that length, or half of it.
 */
const [rows, columns, rank] = [12, 40, 3];
const scaling = 0.5;
const random = createRandom(7);
/** Even numbers from -4 to 4. */
const small = (length: number) => Float32Array.from({ length }, () => 2 * (random.below(5) - 2));
const lora: AdapterModule = {
  ...{ rank, alpha: rank * scaling, scaling, in: columns, out: rows },
  ...{ a: small(rank * columns), b: small(rows * rank), magnitude: null },
};
const sizeOf = (row: number) => 256.5 + 2 * row;
const shares = Float32Array.from({ length: rows }, (_, row) => (row % 5 === 0 ? 0.5 : 1));
const modules = {
  LoRA: lora,
  DoRA: { ...lora, magnitude: shares.map((share, row) => share * 6 * sizeOf(row)) },
};

/** Each element by its place. */
const matrix = (at: (row: number, column: number) => number) =>
  Float32Array.from({ length: rows * columns }, (_, i) => at(Math.floor(i / columns), i % columns));
const updated = matrix((row, column) =>
  column % 10 === 9 ? 0 : sizeOf(row) * (random.below(2) === 0 ? 1 : -1),
);
const change = matrix((row, column) =>
  range(rank).reduce((sum, k) => {
    return sum + scaling * at(lora.b, row * rank + k) * at(lora.a, k * columns + column);
  }, 0),
);
const base = updated.map((value, i) => value - at(change, i));

test.each(Object.entries(modules))('%s: rows in parts are those of the whole', (_, module) => {
  const merge = (begin: number, end: number) => {
    const part = bytesOf(base.slice(begin * columns, end * columns));
    const { bytes, ...sums } = mergers.bfloat16.merge(
      rowsOf('float32', part, columns, begin),
      module,
    );
    return { bytes: Buffer.from(bytes), ...sums };
  };
  const share = (row: number) => (module.magnitude ? at(shares, row) : 1);
  const merged = updated.map((value, i) => share(Math.floor(i / columns)) * value);
  const written = narrowed('x', merged, 'bfloat16');
  const expected = {
    deltaSquared: distance(merged, base, module.magnitude !== null),
    roundingSquared: distance(merged, widened(written, 'bfloat16'), module.magnitude !== null),
  };
  const [whole, ...parts] = [merge(0, 12), merge(0, 5), merge(5, 12)];
  expect(whole.bytes.equals(written)).toBe(true);
  expect(Buffer.concat(parts.map(({ bytes }) => bytes)).equals(written)).toBe(true);
  for (const of of ['deltaSquared', 'roundingSquared'] as const) {
    const { squared, error } = expected[of];
    expect(squared).toBeGreaterThan(100 * error);
    const sum = parts.reduce((total, part) => total + part[of], 0);
    for (const found of [whole[of], sum]) {
      expect(Math.abs(found - squared), of).toBeLessThanOrEqual(error);
    }
  }
});

/**
 * ‖merged − others‖², and how far one in float32 may be from it. DoRA's row length and ratio (a root and a quotient, which Eigen
 * rounds to 2 units in the last place, that is 4 times the unit roundoff), product and difference change an element of `merged`
 * by γ₁₀ of it, and the sum is one of as many squares; what LoRA computes is exact.
 */
function distance(merged: Float32Array, others: Float32Array, dora: boolean) {
  const [each, sum] = dora ? [gamma(10), gamma(merged.length)] : [0, 0];
  let [squared, error] = [0, 0];
  merged.forEach((value, i) => {
    const [gap, most] = [Math.abs(value - at(others, i)), each * Math.abs(value)];
    squared += gap ** 2;
    error += 2 * gap * most + most ** 2;
  });
  return { squared, error: error + sum * (squared + error) };
}

function range(length: number): number[] {
  return Array.from({ length }, (_, i) => i);
}

function at(values: Float32Array, index: number): number {
  return values[index] ?? NaN;
}
