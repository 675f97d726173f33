/** Blocks of every GGUF type against the values that gguf-py gives for them, bit for bit. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { dequantize, elementsIn } from '../../../../src/main/engine/ggml/dequantize.ts';
import { ggmlBlocks, type GgmlType } from '../../../../src/main/engine/ggml/ggml-types.ts';
import { openSafetensors } from '../../../../src/main/engine/checkpoint/safetensors-file.ts';
import { fixtures } from '../checkpoint/fixtures.ts';

const types: GgmlType[] = [
  'F16',
  'BF16',
  'Q4_0',
  'Q4_1',
  'Q5_0',
  'Q5_1',
  'Q8_0',
  'Q4_K',
  'Q5_K',
  'Q6_K',
];

test.each(types)('%s', (type) => {
  const path = join(fixtures, 'gguf/blocks.safetensors');
  const file = openSafetensors(path);
  const expected = file.read(`${type}.values`);
  const entry = file.tensors.get(`${type}.bytes`);
  file.close();
  expect(entry).toBeDefined();
  const begin = entry?.begin ?? 0;
  const bytes = readFileSync(path).subarray(begin, begin + (entry?.bytes ?? 0));
  expect(elementsIn(type, bytes.length)).toBe(expected.length);

  const skipped = 5;
  const found = new Float32Array(skipped + expected.length);
  // In two parts and at an odd place, as a long tensor is read.
  const block = ggmlBlocks[type].bytes;
  const part = block * Math.floor(bytes.length / block / 3);
  dequantize(type, bytes.subarray(0, part), found, skipped);
  dequantize(type, bytes.subarray(part), found, skipped + elementsIn(type, part));

  const bits = (values: Float32Array): Uint32Array => new Uint32Array(values.slice().buffer);
  expect(bits(found.subarray(skipped))).toEqual(bits(expected));
  expect(found.subarray(0, skipped)).toEqual(new Float32Array(skipped));
  expect(expected.filter((value) => value < 0).length).toBeGreaterThan(50);
  expect(expected.filter((value) => value > 0).length).toBeGreaterThan(50);
});
