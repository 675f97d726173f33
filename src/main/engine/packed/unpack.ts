/** Packed matrices as float32: what the graph computes of them, bit for bit. */
import { bfloat16ToFloat32, float16ToFloat32 } from '../numbers/float-formats.ts';
import { fourBitTables } from './four-bit-tables.ts';
import {
  outerGroup,
  partShapes,
  type CodePacking,
  type PackedMatrix,
  type PartShape,
} from './packing.ts';

/** The values of a packed matrix, row by row. */
export function unpack({ packing, parts }: PackedMatrix): Float32Array {
  if (packing.kind === 'float') return numbersOf(parts[0] ?? new Uint8Array(), packing.type);
  const [codes = new Uint8Array()] = parts;
  const values = valuesIn({ packing, parts });
  const found = new Map(
    partShapes(packing, values).map(({ name, type }, i) => [
      name,
      numbersOf(parts[i] ?? new Uint8Array(), type),
    ]),
  );
  const level = (name: 'scales' | 'minima'): Float32Array | null => {
    const own = found.get(name);
    const outer = found.get(`outer ${name}`);
    if (!own || !outer) return own ?? null;
    return own.map((code, i) => code * (outer[Math.floor((i * packing.group) / outerGroup)] ?? 0));
  };
  const scales = level('scales') ?? new Float32Array();
  const minima = level('minima');
  const sign = packing.minima === 'subtracted' ? -1 : 1;
  const target = numbersOfCodes(packing, codes, values);
  for (let begin = 0, at = 0; begin < values; begin += packing.group, at++) {
    const scale = scales[at] ?? 0;
    const minimum = sign * (minima?.[at] ?? 0);
    const end = begin + packing.group;
    // Negative zeros stay: nothing is added where there is no minimum.
    if (minima) for (let i = begin; i < end; i++) target[i] = scale * (target[i] ?? 0) + minimum;
    else for (let i = begin; i < end; i++) target[i] = scale * (target[i] ?? 0);
  }
  return target;
}

/** How many values a packed matrix has. */
export function valuesIn({ packing, parts: [first = new Uint8Array()] }: PackedMatrix): number {
  if (packing.kind === 'float') return first.length / 2;
  return packing.codes === 'bytes' ? first.length : 2 * first.length;
}

/** number(code) − zero of each value. */
function numbersOfCodes(packing: CodePacking, codes: Uint8Array, values: number): Float32Array {
  const { zero } = packing;
  const target = new Float32Array(values);
  if (packing.codes === 'bytes') {
    const signed = new Int8Array(codes.buffer, codes.byteOffset, codes.length);
    for (let i = 0; i < values; i++) target[i] = (signed[i] ?? 0) - zero;
    return target;
  }
  const numbers =
    packing.codes === 'nibbles'
      ? Float32Array.from({ length: 16 }, (_, code) => code - zero)
      : fourBitTables[packing.codes];
  for (let j = 0, at = 0; at < values; at += 64, j += 32) {
    for (let i = 0; i < 32; i++) {
      const pair = codes[j + i] ?? 0;
      target[at + i] = numbers[pair & 15] ?? 0;
      target[at + 32 + i] = numbers[pair >>> 4] ?? 0;
    }
  }
  return target;
}

/** The numbers of a part in float32. */
export function numbersOf(bytes: Uint8Array, type: PartShape['type']): Float32Array {
  const { buffer, byteOffset, length } = bytes.byteOffset % 4 === 0 ? bytes : bytes.slice();
  switch (type) {
    case 'uint8':
      return Float32Array.from(bytes);
    case 'int8':
      return Float32Array.from(new Int8Array(buffer, byteOffset, length));
    case 'float32':
      return new Float32Array(buffer, byteOffset, length / 4).slice();
    case 'float16':
    case 'bfloat16': {
      const target = new Float32Array(length / 2);
      const words = new Uint16Array(buffer, byteOffset, length / 2);
      (type === 'float16' ? float16ToFloat32 : bfloat16ToFloat32)(words, target, 0);
      return target;
    }
  }
}
