/** Matrices quantised here, against bitsandbytes on a processor: codes, scales and values bit for bit. */
import { describe, expect, test } from 'vitest';
import {
  bfloat16ToFloat32,
  float32ToBfloat16,
} from '../../../../src/main/engine/numbers/float-formats.ts';
import { doubleQuantised } from '../../../../src/main/engine/packed/double-quantisation.ts';
import type { PackedMatrix } from '../../../../src/main/engine/packed/packing.ts';
import { fromPairs } from '../../../../src/main/engine/packed/pairs.ts';
import {
  packingOf,
  quantised,
  type QuantisedForm,
} from '../../../../src/main/engine/packed/quantize.ts';
import { unpack } from '../../../../src/main/engine/packed/unpack.ts';
import { bits, packedFixture } from './packed-fixture.ts';

const fixture = packedFixture('packed');
const nf4: QuantisedForm = { form: 'nf4', doubleQuant: false };

function quantisedMatrix(form: QuantisedForm, name: string): PackedMatrix {
  const packing = packingOf(form, fixture.shape(name));
  if (!packing) throw new Error('the matrix has no packing');
  return quantised(form, packing, fixture.values(name));
}

const part = (matrix: PackedMatrix, i: number) => Buffer.from(matrix.parts[i] ?? []);

describe.each(['drawn', 'odd'])('matrix %s', (name) => {
  test('NF4', () => {
    const matrix = quantisedMatrix(nf4, name);
    expect(part(matrix, 0)).toEqual(Buffer.from(fromPairs(fixture.bytes(`${name}.nf4`))));
    expect(part(matrix, 1)).toEqual(fixture.bytes(`${name}.nf4.scales`));
    expect(bits(unpack(matrix))).toEqual(fixture.bytes(`${name}.nf4.values`));
  });

  test('NF4 with double quantisation', () => {
    const matrix = quantisedMatrix({ form: 'nf4', doubleQuant: true }, name);
    expect(part(matrix, 0)).toEqual(Buffer.from(fromPairs(fixture.bytes(`${name}.nf4`))));
    expect(bits(unpack(matrix))).toEqual(fixture.bytes(`${name}.double.values`));
  });

  test('int8', () => {
    const matrix = quantisedMatrix({ form: 'int8' }, name);
    expect(part(matrix, 0)).toEqual(fixture.bytes(`${name}.int8`));
    expect(bits(unpack(matrix))).toEqual(fixture.bytes(`${name}.int8.values`));
  });
});

test.each([1, 31, 700, 4099])('%d scales quantised themselves', (count) => {
  const found = doubleQuantised(fixture.values(`scales.${count}`));
  expect(bits(found)).toEqual(fixture.bytes(`scales.${count}.double`));
});

test('what several threads quantise is what one does', () => {
  const values = Float32Array.from({ length: 600 * 64 }, (_, i) => Math.sin(i * i));
  for (const form of [nf4, { form: 'int8' } as const]) {
    const of = (rows: number, from: number) => {
      const packing = packingOf(form, [rows, 64]);
      if (!packing) throw new Error('the matrix has no packing');
      return quantised(form, packing, values.subarray(from * 64, (from + rows) * 64)).parts;
    };
    const [whole, first, second] = [of(600, 0), of(7, 0), of(593, 7)];
    whole.forEach((bytes, i) => {
      const pieces = [first[i] ?? [], second[i] ?? []].map((piece) => Buffer.from(piece));
      expect(Buffer.from(bytes)).toEqual(Buffer.concat(pieces));
    });
  }
});

test('a matrix that is no whole number of blocks stays dense', () => {
  expect(packingOf(nf4, [5, 20])).toBeNull();
  expect(packingOf(nf4, [32, 20])).not.toBeNull();
  expect(packingOf({ form: 'int8' }, [5, 20])).not.toBeNull();
});

test('a value beyond float16 makes the scale of its row of int8 infinite', () => {
  const packing = packingOf({ form: 'int8' }, [2, 2]);
  if (!packing) throw new Error('the matrix has no packing');
  const matrix = quantised({ form: 'int8' }, packing, Float32Array.of(1, 2, 65_520, 1));
  const scales = part(matrix, 1);
  expect(scales.readFloatLE(0)).toBeCloseTo(2 / 127);
  expect(scales.readFloatLE(4)).toBe(Infinity);
});

test('bfloat16 numbers are quantised as they lie in the file', () => {
  const words = new Uint16Array(96 * 128);
  float32ToBfloat16(
    Float32Array.from(words, (_, i) => Math.sin(i * i)),
    words,
  );
  const widened = new Float32Array(words.length);
  bfloat16ToFloat32(words, widened);
  for (const form of [nf4, { form: 'int8' } as const]) {
    const packing = packingOf(form, [96, 128]);
    if (!packing) throw new Error('the matrix has no packing');
    expect(quantised(form, packing, words)).toEqual(quantised(form, packing, widened));
  }
});
