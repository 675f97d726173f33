/** Blocks of GGUF files, packed as graphs unpack them, have the values that gguf-py gives, bit for bit. */
import { describe, expect, test } from 'vitest';
import { fromGgml, packingOfGgml } from '../../../../src/main/engine/packed/from-ggml.ts';
import { partBytes, partShapes } from '../../../../src/main/engine/packed/packing.ts';
import { unpack, valuesIn } from '../../../../src/main/engine/packed/unpack.ts';
import { ggmlBlocksOf, ggmlTypes } from './ggml-blocks.ts';

describe.each(ggmlTypes)('%s', (type) => {
  const { bytes, values } = ggmlBlocksOf(type);

  test('the values are those of the file', () => {
    const packed = fromGgml(type, bytes);
    expect(valuesIn(packed)).toBe(values.length);
    const bits = (numbers: Float32Array) => new Uint32Array(numbers.slice().buffer);
    expect(bits(unpack(packed))).toEqual(bits(values));
  });

  test('each part has its size', () => {
    const { packing, parts } = fromGgml(type, bytes);
    expect(parts.map(({ length }) => length)).toEqual(
      partShapes(packing, values.length).map(partBytes),
    );
  });
});

test('what fills no whole unit, and float32, have no packing', () => {
  expect(packingOfGgml('F32', 64)).toBeNull();
  expect(packingOfGgml('Q4_0', 32)).toBeNull();
  expect(packingOfGgml('Q8_0', 32)).not.toBeNull();
});
