/** 16-bit floating-point numbers to float32 and back. All files here are little endian, as are the machines. */

/** Numbers that a file can hold as they are, without blocks and scales. */
export type FloatType = 'float32' | 'bfloat16' | 'float16';

/** What safetensors and GGUF call them. */
export const floatTypeOf: ReadonlyMap<string, FloatType> = new Map([
  ['F32', 'float32'],
  ['F16', 'float16'],
  ['BF16', 'bfloat16'],
]);

/** Bytes of one number. */
export const floatBytes: Readonly<Record<FloatType, number>> = {
  float32: 4,
  bfloat16: 2,
  float16: 2,
};

const floatView = new Float32Array(1);
const bitView = new Uint32Array(floatView.buffer);

/** The float32 value of every float16 bit pattern (IEEE 754 binary16). */
const float16Values: Float32Array = (() => {
  const values = new Float32Array(0x10000);
  for (let bits = 0; bits < 0x10000; bits++) {
    const sign = bits & 0x8000 ? -1 : 1;
    const exponent = (bits >>> 10) & 0x1f;
    const fraction = bits & 0x3ff;
    if (exponent === 0) values[bits] = sign * fraction * 2 ** -24;
    else if (exponent < 31) values[bits] = sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
    else values[bits] = fraction === 0 ? sign * Infinity : NaN;
  }
  return values;
})();

/** The float16 number in the two bytes at `at`. */
export function halfAt(source: Uint8Array, at: number): number {
  return float16Values[(source[at] ?? 0) | ((source[at + 1] ?? 0) << 8)] ?? 0;
}

/** Writes the float32 values of float16 bit patterns into `target` from `offset` on. */
export function float16ToFloat32(source: Uint16Array, target: Float32Array, offset = 0): void {
  for (let i = 0; i < source.length; i++) {
    target[offset + i] = float16Values[source[i] ?? 0] ?? 0;
  }
}

/** Writes the float32 values of bfloat16 bit patterns into `target` from `offset` on. */
export function bfloat16ToFloat32(source: Uint16Array, target: Float32Array, offset = 0): void {
  const bits = new Uint32Array(target.buffer, target.byteOffset + 4 * offset, source.length);
  for (let i = 0; i < source.length; i++) bits[i] = (source[i] ?? 0) << 16;
}

/**
 * Rounds float32 to bfloat16, to nearest and ties to even, as PyTorch does (NaN becomes 0x7fc0 or 0xffc0).
 * Returns how many finite values became infinite.
 */
export function float32ToBfloat16(source: Float32Array, target: Uint16Array): number {
  const bits = new Uint32Array(source.buffer, source.byteOffset, source.length);
  let overflows = 0;
  for (let i = 0; i < bits.length; i++) {
    const value = bits[i] ?? 0;
    const magnitude = value & 0x7fffffff;
    if (magnitude > 0x7f800000) {
      target[i] = ((value >>> 16) & 0x8000) | 0x7fc0;
      continue;
    }
    const rounded = (value + 0x7fff + ((value >>> 16) & 1)) >>> 16;
    if ((rounded & 0x7fff) === 0x7f80 && magnitude !== 0x7f800000) overflows++;
    target[i] = rounded;
  }
  return overflows;
}

/** Bits of a float32 number to those of the float16 number nearest to it, ties to even, subnormals kept. */
function float16Bits(value: number): number {
  const sign = (value >>> 16) & 0x8000;
  const magnitude = value & 0x7fffffff;
  if (magnitude > 0x7f800000) return sign | 0x7e00;
  if (magnitude >= 0x477ff000) return sign | 0x7c00;
  if (magnitude >= 0x38800000) {
    // Moving the exponent's bias from 127 to 15 and rounding away 13 bits is one addition.
    const odd = (magnitude >>> 13) & 1;
    return sign | ((magnitude - 0x38000000 + 0xfff + odd) >>> 13);
  }
  // Subnormal: adding 0.5 puts multiples of 2^-24 into the last bits; float32 addition rounds to even.
  bitView[0] = magnitude;
  floatView[0] = (floatView[0] ?? 0) + 0.5;
  return sign | ((bitView[0] - 0x3f000000) & 0xffff);
}

/**
 * Rounds float32 to float16, to nearest and ties to even, subnormals kept.
 * Returns how many finite values became infinite (65,520 and above).
 */
export function float32ToFloat16(source: Float32Array, target: Uint16Array): number {
  const bits = new Uint32Array(source.buffer, source.byteOffset, source.length);
  let overflows = 0;
  for (let i = 0; i < bits.length; i++) {
    const value = bits[i] ?? 0;
    const rounded = float16Bits(value);
    if ((rounded & 0x7fff) === 0x7c00 && (value & 0x7fffffff) !== 0x7f800000) overflows++;
    target[i] = rounded;
  }
  return overflows;
}

/** Numbers as they lie in a file, as float32: a view of them where they are that already. */
export function widened(bytes: Uint8Array, type: FloatType): Float32Array {
  const count = bytes.length / floatBytes[type];
  if (type === 'float32') return new Float32Array(bytes.buffer, bytes.byteOffset, count);
  const source = new Uint16Array(bytes.buffer, bytes.byteOffset, count);
  const values = new Float32Array(count);
  (type === 'float16' ? float16ToFloat32 : bfloat16ToFloat32)(source, values);
  return values;
}

/** Numbers that are looked at in one go. */
const blockLength = 4096;

/** Whether no value is infinite or NaN: in both all bits of the exponent are set. `every` takes ten times as long. */
export function allFinite(values: Float32Array): boolean {
  const bits = new Int32Array(values.buffer, values.byteOffset, values.length);
  for (let begin = 0; begin < bits.length; begin += blockLength)
    if (!areFinite(bits, begin, Math.min(begin + blockLength, bits.length))) return false;
  return true;
}

/** A function by itself: put into one that is seldom called, V8 never optimises its loop to the end. */
function areFinite(bits: Int32Array, begin: number, end: number): boolean {
  for (let i = begin; i < end; i++) if (((bits[i] ?? 0) & 0x7f800000) === 0x7f800000) return false;
  return true;
}

/** Of numbers of 16 bits the bits of the exponent. */
const exponents = { float16: 0x7c00, bfloat16: 0x7f80 } as const;

/** The same of numbers as they lie in a file. */
export function allFiniteIn(bytes: Uint8Array, type: FloatType): boolean {
  const { buffer, byteOffset, byteLength } = bytes.byteOffset % 4 === 0 ? bytes : bytes.slice();
  if (type === 'float32') return allFinite(new Float32Array(buffer, byteOffset, byteLength / 4));
  // Two numbers at a time; an odd one is left over.
  const low = exponents[type];
  const high = low << 16;
  // Signed: V8 makes doubles of unsigned ones.
  const pairs = new Int32Array(buffer, byteOffset, byteLength >>> 2);
  for (let i = 0; i < pairs.length; i++) {
    const pair = pairs[i] ?? 0;
    if ((pair & low) === low || (pair & high) === high) return false;
  }
  const left =
    byteLength % 4 === 0 ? 0 : new Uint16Array(buffer, byteOffset + byteLength - 2, 1)[0];
  return ((left ?? 0) & low) !== low;
}
