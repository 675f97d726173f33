/** That a base model is numbers throughout: with one NaN all that it says is NaN, and no run tells where that came from. */
import { lorikeetError } from '../../../shared/errors/lorikeet-error.ts';
import { allFinite } from '../numbers/float-formats.ts';

/**
 * Gives the values of a tensor back.
 * @throws checkpoint/not-finite
 */
export function checkFinite(values: Float32Array, name: string, path: string): Float32Array {
  if (!allFinite(values)) throw lorikeetError('checkpoint/not-finite', { path, name });
  return values;
}
