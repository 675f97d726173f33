/** Explains merged rows whose sums of squares are not finite. */
import { lorikeetError } from '../../../shared/errors/lorikeet-error.ts';
import { allFinite, widened, type FloatType } from '../numbers/float-formats.ts';
import { narrowed } from '../checkpoint/safetensors-writer.ts';

/**
 * Finds the value that cannot be written. Where there is none, only the squares were too large for float32, and the sums
 * are taken again in float64: ‖merged − base‖² and ‖written − merged‖². `base` is null where there is no adapter: values
 * of the base that are not finite are written as they are.
 * Errors: merge/not-finite; output/not-representable with the largest value.
 */
export function examineNotFinite(
  name: string,
  base: Float32Array | null,
  merged: Float32Array,
  dtype: FloatType,
): { deltaSquared: number; roundingSquared: number } {
  if (base && !allFinite(merged)) throw lorikeetError('merge/not-finite', { tensor: name });
  const written = dtype === 'float32' ? merged : widened(narrowed(name, merged, dtype), dtype);
  return {
    deltaSquared: squaredDistance(merged, base ?? merged),
    roundingSquared: squaredDistance(written, merged),
  };
}

function squaredDistance(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += ((a[i] ?? 0) - (b[i] ?? 0)) ** 2;
  return sum;
}
