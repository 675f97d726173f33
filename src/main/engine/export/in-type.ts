/** Numbers in one of ggml's types, and as they are read again from it. */
import { lorikeetError } from '../../../shared/errors/lorikeet-error.ts';
import { dequantize } from '../ggml/dequantize.ts';
import type { GgmlType } from '../ggml/ggml-types.ts';
import { bytesFor, quantize } from '../ggml/quantize.ts';
import { allFinite } from '../numbers/float-formats.ts';

/** A tensor, or whole rows of it, and the type that it is written in. */
type Typed = { name: string; type: GgmlType };

/**
 * @param path of the base, for messages
 * Errors: output/not-representable where a number, or the scale of a block, is too large for its 16 bits; checkpoint/not-finite.
 */
export function inType({ name, type }: Typed, values: Float32Array, path: string): Uint8Array {
  const bytes = new Uint8Array(bytesFor(type, values.length));
  if (quantize(type, values, bytes, 0) === 0) return bytes;
  if (!allFinite(values)) throw lorikeetError('checkpoint/not-finite', { path, name });
  const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  throw lorikeetError('output/not-representable', { tensor: name, dtype: type, largest });
}

/** The values as they are read again. Errors: as `inType`. */
export function roundedTo(tensor: Typed, values: Float32Array, path: string): Float32Array {
  if (tensor.type === 'F32') return values;
  const again = new Float32Array(values.length);
  dequantize(tensor.type, inType(tensor, values, path), again, 0);
  return again;
}
