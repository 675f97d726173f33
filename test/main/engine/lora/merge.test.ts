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

const bytesOf = (values: Float32Array | Uint16Array) => new Uint8Array(values.buffer);

function change(type: FloatType, bytes: Uint8Array, written: FloatType): Uint8Array {
  return mergers[written].merge(rowsOf(type, bytes, bytes.length / floatBytes[type]), null).bytes;
}

const allPatterns = Uint16Array.from({ length: 0x10000 }, (_, i) => i);

describe.each(['bfloat16', 'float16'] as const)('%s', (type) => {
  const infinity = type === 'float16' ? 0x7c00 : 0x7f80;

  test('every bit pattern becomes its float32 value', () => {
    const values = widened(change(type, bytesOf(allPatterns), 'float32'), 'float32');
    expect(values).toEqual(widened(bytesOf(allPatterns), type));
  });

  test('float32 is rounded to nearest and ties to even, also where numbers are subnormal', () => {
    const numbers = widened(bytesOf(allPatterns.slice(0, infinity)), type);
    const cases = [...numbers].slice(0, -1).flatMap((low, i) => {
      const step = (numbers[i + 1] ?? NaN) - low;
      return [low, low + step / 8, low + step / 2, low + 0.51 * step].flatMap((x) => [x, -x]);
    });
    const values = Float32Array.from([...cases, Infinity, -Infinity]);
    const found = change('float32', bytesOf(values), type);
    expect(Buffer.from(found).equals(narrowed('x', values, type))).toBe(true);
  });

  test('an odd number of values', () => {
    const values = Float32Array.from({ length: 15 }, (_, i) => i - 7);
    const { bytes } = mergers[type].merge(rowsOf('float32', bytesOf(values), 5), null);
    expect(widened(bytes.slice(), type)).toEqual(values);
  });
});

const [rows, columns, rank] = [12, 40, 3];
const random = createRandom(7);
const normal = (length: number) => Float32Array.from({ length }, () => random.normal());
const lora: AdapterModule = {
  ...{ rank, alpha: 4, scaling: 4 / Math.sqrt(rank), in: columns, out: rows },
  ...{ a: normal(rank * columns), b: normal(rows * rank), magnitude: null },
};
const modules = { LoRA: lora, DoRA: { ...lora, magnitude: normal(rows).map(Math.abs) } };

test.each(Object.entries(modules))('%s: rows in parts are those of the whole', (_, module) => {
  const weight = bytesOf(normal(rows * columns));
  const merge = (begin: number, end: number) => {
    const part = weight.slice(begin * columns * 4, end * columns * 4);
    const { bytes, ...sums } = mergers.bfloat16.merge(
      rowsOf('float32', part, columns, begin),
      module,
    );
    return { bytes: Buffer.from(bytes), ...sums };
  };
  const [whole, ...parts] = [merge(0, 12), merge(0, 5), merge(5, 12)];
  expect(Buffer.concat(parts.map(({ bytes }) => bytes)).equals(whole.bytes)).toBe(true);
  const sum = (of: 'deltaSquared' | 'roundingSquared') =>
    parts.reduce((total, part) => total + part[of], 0);
  expect(sum('deltaSquared') / whole.deltaSquared).toBeCloseTo(1, 5);
  expect(sum('roundingSquared') / whole.roundingSquared).toBeCloseTo(1, 5);
});
