/** That a base model is numbers throughout: with one NaN all that it says is NaN, and no run tells where that came from. */
import { lorikeetError } from '../../../shared/errors/lorikeet-error.ts';
import { allFinite, allFiniteIn } from '../numbers/float-formats.ts';
import { partShapes, type PackedMatrix } from '../packed/packing.ts';

/**
 * Gives the values of a tensor back.
 * @throws checkpoint/not-finite
 */
export function checkFinite(values: Float32Array, name: string, path: string): Float32Array {
  if (!allFinite(values)) throw lorikeetError('checkpoint/not-finite', { path, name });
  return values;
}

/**
 * Gives the matrix back: all of its numbers that are no codes are finite.
 * @throws checkpoint/not-finite
 */
export function checkFinitePacked(matrix: PackedMatrix, name: string, path: string): PackedMatrix {
  const { packing, parts } = matrix;
  const finite = partShapes(packing, 0).every(({ type }, i) => {
    const part = parts[i] ?? new Uint8Array();
    return type === 'uint8' || type === 'int8' || allFiniteIn(part, type);
  });
  if (!finite) throw lorikeetError('checkpoint/not-finite', { path, name });
  return matrix;
}
