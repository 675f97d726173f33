/** Squared lengths of the rows of a packed matrix, without a dense copy of it. */
import { codeModule } from './code-module.ts';
import type { PackedMatrix } from './packing.ts';
import { levelsOf, numbersByCode } from './unpack.ts';

/**
 * Σ x² of each row, in float64: what the rows of `unpack(matrix)` give, bit for bit. Null for float16, whose values have to be
 * unpacked.
 * @param rows of the matrix, whose values are as many whole rows
 */
export function packedRowSquares(
  { packing, parts }: PackedMatrix,
  rows: number,
): Float64Array | null {
  const squares = new Float64Array(rows);
  const [first = new Uint8Array()] = parts;
  if (packing.kind === 'float') {
    if (packing.type === 'float16') return null;
    codeModule().floatSquares(wordsOf(first), squares);
    return squares;
  }
  const { scales, minima } = levelsOf(packing, parts);
  const none = new Float32Array();
  codeModule().codeSquares(first, numbersByCode(packing), scales, minima ?? none, squares);
  return squares;
}

/** Bytes of 16-bit numbers, which have to begin at a multiple of two. */
export function wordsOf(bytes: Uint8Array): Uint16Array {
  const { buffer, byteOffset, length } = bytes.byteOffset % 2 === 0 ? bytes : bytes.slice();
  return new Uint16Array(buffer, byteOffset, length / 2);
}
