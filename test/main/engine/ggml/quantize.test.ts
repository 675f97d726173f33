/** Values in every type against the bytes that llama.cpp's quantiser gives for them, bit for bit. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { dequantize } from '../../../../src/main/engine/ggml/dequantize.ts';
import type { GgmlType } from '../../../../src/main/engine/ggml/ggml-types.ts';
import { bytesFor, quantize } from '../../../../src/main/engine/ggml/quantize.ts';
import { openSafetensors } from '../../../../src/main/engine/checkpoint/safetensors-file.ts';
import { fixturePath } from '../parity/fixtures.ts';

const path = fixturePath('gguf-quantised/blocks.safetensors');
const columns = 256;

const blocks = openSafetensors(path);
const values = blocks.read('values');
blocks.close();

const types = [
  ...(['F16', 'BF16', 'Q8_0', 'Q4_0', 'Q4_1'] as const),
  ...(['Q5_0', 'Q5_1', 'Q4_K', 'Q5_K', 'Q6_K'] as const),
] as const;

function expectedBytes(type: GgmlType): Uint8Array {
  const { begin, bytes } = blocks.tensors.get(type) ?? { begin: 0, bytes: 0 };
  return readFileSync(path).subarray(begin, begin + bytes);
}

function quantized(type: GgmlType, rows: Float32Array): Uint8Array {
  const bytes = new Uint8Array(bytesFor(type, rows.length));
  quantize(type, rows, bytes, 0);
  return bytes;
}

test('there are values', () => {
  expect(values.length).toBeGreaterThan(50 * columns);
});

test.each(types)('%s has the bytes of llama.cpp', (type) => {
  expect(Buffer.from(quantized(type, values)).equals(expectedBytes(type))).toBe(true);
});

test.each([...types, 'F32'] as const)('%s in pieces, at an odd place', (type) => {
  const whole = quantized(type, values);
  const skipped = 3;
  const found = new Uint8Array(skipped + whole.length);
  const cut = 7 * columns;
  quantize(type, values.subarray(0, cut), found, skipped);
  quantize(type, values.subarray(cut), found, skipped + bytesFor(type, cut));
  expect(Buffer.from(found.subarray(skipped)).equals(whole)).toBe(true);
  expect(found.subarray(0, skipped)).toEqual(new Uint8Array(skipped));
});

/**
 * The largest difference in units of the group's largest magnitude R, for groups of one scale. Where q levels divide a range,
 * rounding moves a value by half a step; Q4_0 and Q5_0 take the far end, which has a level less, off by a whole one. Scale and
 * minimum are rounded to float16, which moves the value by 2^-11 of q·d and of m.
 */
const float16 = 2 ** -11;
const bounds: [GgmlType, number][] = [
  ['F16', float16],
  ['BF16', 2 ** -8],
  ['Q8_0', 0.5 / 127 + float16],
  ['Q4_0', 1 / 8 + float16],
  ['Q4_1', (0.5 / 15 + float16) * 2 + float16],
  ['Q5_0', 1 / 16 + float16],
  ['Q5_1', (0.5 / 31 + float16) * 2 + float16],
];

test.each(bounds)('%s comes back within %f', (type, bound) => {
  const rows = values.subarray(0, 12 * columns);
  const found = new Float32Array(rows.length);
  dequantize(type, quantized(type, rows), found, 0);
  for (let first = 0; first < rows.length; first += 32) {
    const group = rows.subarray(first, first + 32);
    const farthest = Math.max(...group.map(Math.abs));
    const off = group.map((value, j) => Math.abs((found[first + j] ?? NaN) - value));
    expect(Math.max(...off)).toBeLessThanOrEqual(farthest * bound);
  }
});

/** Σ(x − x′)² / Σx² over weights as a model has them. */
function relativeError(type: GgmlType): number {
  const rows = values.subarray(0, 12 * columns);
  const found = new Float32Array(rows.length);
  dequantize(type, quantized(type, rows), found, 0);
  const sum = (numbers: Float32Array): number => numbers.reduce((total, x) => total + x * x, 0);
  return sum(found.map((value, i) => value - (rows[i] ?? NaN))) / sum(rows);
}

test('a search for the scale is worth it', () => {
  // Q4_K has half a bit less a weight than Q4_1, Q5_K half a bit less than Q5_1.
  expect(relativeError('Q4_K')).toBeLessThan(relativeError('Q4_1'));
  expect(relativeError('Q5_K')).toBeLessThan(relativeError('Q5_1'));
  expect(relativeError('Q6_K')).toBeLessThan(relativeError('Q5_K') / 3);
});

test.each(types.filter((type) => type !== 'BF16'))('%s tells what is too large', (type) => {
  const rows = new Float32Array(columns).fill(1);
  const bytes = new Uint8Array(bytesFor(type, columns));
  expect(quantize(type, rows, bytes, 0)).toBe(0);
  rows[40] = -1e10;
  expect(quantize(type, rows, bytes, 0)).toBeGreaterThan(0);
});

test.each(types.filter((type) => bytesFor(type, 32) < 64))(
  '%s tells what is not finite',
  (type) => {
    const bytes = new Uint8Array(bytesFor(type, columns));
    for (const wrong of [NaN, Infinity, -Infinity]) {
      const rows = new Float32Array(columns).fill(1);
      rows[77] = wrong;
      expect(quantize(type, rows, bytes, 0)).toBeGreaterThan(0);
    }
  },
);
