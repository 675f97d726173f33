/** That a base model is numbers throughout: with one NaN all that it says is NaN, and no run tells where that came from. */
import { lorikeetError } from '../../../shared/errors/lorikeet-error.ts';
import { allFinite } from '../numbers/float-formats.ts';
import { partShapes, type PackedMatrix } from '../packed/packing.ts';
import { numbersOf, valuesIn } from '../packed/unpack.ts';

/**
 * Gives the values of a tensor back.
 * @throws checkpoint/not-finite
 */
export function checkFinite(values: Float32Array, name: string, path: string): Float32Array {
  if (!allFinite(values)) throw lorikeetError('checkpoint/not-finite', { path, name });
  return values;
}

/**
 * The same for a packed matrix: where its scales and minima are finite, so are its values.
 * @throws checkpoint/not-finite
 */
export function checkPackedFinite(matrix: PackedMatrix, name: string, path: string): PackedMatrix {
  partShapes(matrix.packing, valuesIn(matrix)).forEach(({ type }, i) => {
    const whole = type === 'uint8' || type === 'int8';
    if (!whole) checkFinite(numbersOf(matrix.parts[i] ?? new Uint8Array(), type), name, path);
  });
  return matrix;
}
