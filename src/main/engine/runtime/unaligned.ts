/**
 * Arrays that TensorFlow copies. One whose address is a multiple of Eigen's alignment it would share instead, and drop its
 * reference to it on a thread of its own, where V8's heap may not be touched: sooner or later that ends the process.
 */
import type { TensorData } from './tensor-data.ts';

/** JavaScript's memory begins at multiples of 8 bytes at least; Eigen aligns to 16 or more. */
const step = 8;
const offset = 4;

/** Zeros at an address that TensorFlow does not share. */
export function unalignedBytes(length: number): Uint8Array<ArrayBuffer> {
  return new Uint8Array(new ArrayBuffer(offset + length), offset);
}

/** The same in float32. */
export function unalignedFloats(length: number): Float32Array<ArrayBuffer> {
  return new Float32Array(new ArrayBuffer(offset + 4 * length), offset);
}

/** The same values at an address that TensorFlow does not share: they are copied only where they might lie at another. */
export function unaligned(values: TensorData): TensorData {
  if (values.byteOffset % step !== 0) return values;
  const { buffer } = unalignedBytes(values.byteLength);
  const copy = like(values, buffer);
  copy.set(values);
  return copy;
}

function like(values: TensorData, buffer: ArrayBuffer): TensorData {
  if (values instanceof Float32Array) return new Float32Array(buffer, offset, values.length);
  if (values instanceof Int32Array) return new Int32Array(buffer, offset, values.length);
  return new Uint8Array(buffer, offset, values.length);
}
