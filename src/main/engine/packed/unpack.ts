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
export function unpack(matrix: PackedMatrix): Float32Array {
  const { packing, parts } = matrix;
  const [first = new Uint8Array()] = parts;
  if (packing.kind === 'float') return numbersOf(first, packing.type);
  const values = numbersOfCodes(packing, first, valuesIn(matrix));
  const { scales, minima } = levelsOf(packing, parts);
  for (let begin = 0, at = 0; begin < values.length; begin += packing.group, at++) {
    const scale = scales[at] ?? 0;
    const end = begin + packing.group;
    if (minima === null) {
      // Negative zeros stay: nothing is added where there is no minimum.
      for (let i = begin; i < end; i++) values[i] = scale * (values[i] ?? 0);
    } else {
      const minimum = minima[at] ?? 0;
      for (let i = begin; i < end; i++) values[i] = scale * (values[i] ?? 0) + minimum;
    }
  }
  return values;
}

/** What the numbers of each group are multiplied with, and what is added then; null where nothing is. */
export function levelsOf(
  packing: CodePacking,
  parts: readonly Uint8Array[],
): { scales: Float32Array; minima: Float32Array | null } {
  const minima = levelOf('minima', packing, parts);
  return {
    scales: levelOf('scales', packing, parts) ?? new Float32Array(),
    minima: packing.minima === 'subtracted' ? (minima?.map((minimum) => -minimum) ?? null) : minima,
  };
}

/** One number for each group; null where the packing has none of that name. */
function levelOf(
  name: 'scales' | 'minima',
  packing: CodePacking,
  parts: readonly Uint8Array[],
): Float32Array | null {
  const shapes = partShapes(packing, 0);
  const part = (wanted: PartShape['name']): Float32Array | null => {
    const at = shapes.findIndex((shape) => shape.name === wanted);
    const shape = shapes[at];
    return shape ? numbersOf(parts[at] ?? new Uint8Array(), shape.type) : null;
  };
  const own = part(name);
  const outer = part(`outer ${name}`);
  if (!own || !outer) return own;
  const groups = outerGroup / packing.group;
  return own.map((code, i) => code * (outer[Math.floor(i / groups)] ?? 0));
}

/** How many values a packed matrix has. */
export function valuesIn({ packing, parts: [first = new Uint8Array()] }: PackedMatrix): number {
  if (packing.kind === 'float') return first.length / 2;
  return packing.codes === 'bytes' ? first.length : 2 * first.length;
}

/** number(code) − zero of each value. */
function numbersOfCodes(packing: CodePacking, codes: Uint8Array, values: number): Float32Array {
  const target = new Float32Array(values);
  const numbers = numbersByCode(packing);
  if (packing.codes === 'bytes') {
    for (let i = 0; i < values; i++) target[i] = numbers[codes[i] ?? 0] ?? 0;
    return target;
  }
  for (let j = 0, at = 0; at < values; at += 64, j += 32) {
    for (let i = 0; i < 32; i++) {
      const pair = codes[j + i] ?? 0;
      target[at + i] = numbers[pair & 15] ?? 0;
      target[at + 32 + i] = numbers[pair >>> 4] ?? 0;
    }
  }
  return target;
}

/** number(code) − zero of each of the 16 codes of 4 bits, or of the 256 of a byte. */
export function numbersByCode({ codes, zero }: CodePacking): Float32Array {
  switch (codes) {
    case 'bytes':
      return Float32Array.from(
        new Int8Array(256).map((_, byte) => byte),
        (code) => code - zero,
      );
    case 'nibbles':
      return Float32Array.from({ length: 16 }, (_, code) => code - zero);
    default:
      return fourBitTables[codes];
  }
}

function numbersOf(bytes: Uint8Array, type: PartShape['type']): Float32Array {
  const { buffer, byteOffset, length } = bytes.byteOffset % 4 === 0 ? bytes : bytes.slice();
  switch (type) {
    case 'uint8':
      return new Float32Array(bytes);
    case 'int8':
      return new Float32Array(new Int8Array(buffer, byteOffset, length));
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
