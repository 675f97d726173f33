/** Squared row lengths of packed matrices are those of their values, bit for bit. */
import { expect, test } from 'vitest';
import { squaredRowLengths } from '../../../../src/main/engine/lora/row-lengths.ts';
import { float32ToBfloat16 } from '../../../../src/main/engine/numbers/float-formats.ts';
import { packedRowSquares } from '../../../../src/main/engine/packed/row-squares.ts';
import {
  partBytes,
  partShapes,
  type CodePacking,
  type PackedMatrix,
} from '../../../../src/main/engine/packed/packing.ts';
import { packingOf, quantised } from '../../../../src/main/engine/packed/quantize.ts';
import { unpack } from '../../../../src/main/engine/packed/unpack.ts';
import { createRandom } from '../../../../src/main/engine/random.ts';

const random = createRandom(5);
/** Large enough that each core gets rows. */
const rows = 768;
const values = (columns: number) => Float32Array.from({ length: rows * columns }, random.normal);

const kinds: Record<string, Omit<CodePacking, 'kind'>> = {
  Q4_0: { codes: 'nibbles', group: 32, zero: 8, scales: 'float16', minima: 'none' },
  Q4_1: { codes: 'nibbles', group: 32, zero: 0, scales: 'float16', minima: 'added' },
  Q4_K: { codes: 'nibbles', group: 32, zero: 0, scales: 'uint8', minima: 'subtracted' },
  Q6_K: { codes: 'bytes', group: 16, zero: 0, scales: 'int8', minima: 'none' },
  fp4: { codes: 'fp4', group: 64, zero: 0, scales: 'float32', minima: 'none' },
};

/** Drawn bytes; numbers of 16 and 32 bits among them are small and finite. */
function drawn(packing: CodePacking, columns: number): PackedMatrix {
  const parts = partShapes(packing, rows * columns).map((part) => {
    const bytes = Uint8Array.from({ length: partBytes(part) }, () => random.below(256));
    if (part.type === 'float16') for (let i = 1; i < bytes.length; i += 2) bytes[i] = 0x2c;
    if (part.type === 'float32') for (let i = 3; i < bytes.length; i += 4) bytes[i] = 0x3d;
    return bytes;
  });
  return { packing, parts };
}

test.each(Object.keys(kinds))('drawn codes of %s', (name) => {
  const kind = kinds[name];
  if (!kind) throw new Error('no such packing');
  const matrix = drawn({ kind: 'codes', ...kind }, 256);
  expect(packedRowSquares(matrix, rows)).toEqual(squaredRowLengths(unpack(matrix), rows));
});

test.each([
  ['nf4', 64],
  // Blocks go on over the ends of rows.
  ['nf4', 17 * 4],
  ['int8', 75],
] as const)('values as %s, rows of %d', (form, columns) => {
  const own = form === 'nf4' ? { form, doubleQuant: false } : { form };
  const packing = packingOf(own, [rows, columns]);
  if (!packing) throw new Error('the matrix has no packing');
  const matrix = quantised(own, packing, values(columns));
  expect(packedRowSquares(matrix, rows)).toEqual(squaredRowLengths(unpack(matrix), rows));
});

test('numbers of the file; those of float16 are left to be unpacked', () => {
  const words = new Uint16Array(rows * 40);
  float32ToBfloat16(values(40), words);
  const parts = [new Uint8Array(words.buffer)];
  const matrix: PackedMatrix = { packing: { kind: 'float', type: 'bfloat16' }, parts };
  expect(packedRowSquares(matrix, rows)).toEqual(squaredRowLengths(unpack(matrix), rows));
  const half: PackedMatrix = { packing: { kind: 'float', type: 'float16' }, parts };
  expect(packedRowSquares(half, rows)).toBe(null);
});
