/** Blocks of GGUF files in the order of codes that a graph unpacks: the same codes and scales, so the same values. */
import { minimumOf, scaleOf } from '../ggml/dequantize-k.ts';
import { elementsIn } from '../ggml/dequantize.ts';
import { ggmlBlocks, type GgmlType } from '../ggml/ggml-types.ts';
import {
  partBytes,
  partShapes,
  unitOf,
  type CodePacking,
  type PackedMatrix,
  type Packing,
} from './packing.ts';

/** Writes one block, which begins at byte `at` of the source and is the `block`th of the matrix, into the parts. */
type Repack = (parts: readonly Uint8Array[], source: Uint8Array, at: number, block: number) => void;

type BlockType = Exclude<GgmlType, 'F32' | 'F16' | 'BF16'>;

const ofHalves = { kind: 'codes', scales: 'float16', group: 32, zero: 0 } as const;
const ofBytes = { kind: 'codes', scales: 'uint8', group: 32, zero: 0 } as const;

/** Layouts as in `dequantize`. Codes of more than 4 bits become bytes, those with a fixed zero signed ones. */
const blocks: Readonly<Record<BlockType, { packing: CodePacking; repack: Repack }>> = {
  Q4_0: {
    packing: { ...ofHalves, codes: 'nibbles', zero: 8, minima: 'none' },
    repack([codes, scales], source, at, block) {
      copy(source, at, 2, scales, 2 * block);
      nibbles(source, at + 2, codes, block);
    },
  },
  Q4_1: {
    packing: { ...ofHalves, codes: 'nibbles', minima: 'added' },
    repack([codes, scales, minima], source, at, block) {
      copy(source, at, 2, scales, 2 * block);
      copy(source, at + 2, 2, minima, 2 * block);
      nibbles(source, at + 4, codes, block);
    },
  },
  Q5_0: {
    packing: { ...ofHalves, codes: 'bytes', minima: 'none' },
    repack([codes, scales], source, at, block) {
      copy(source, at, 2, scales, 2 * block);
      fiveBits(source, at + 2, codes, block, 16);
    },
  },
  Q5_1: {
    packing: { ...ofHalves, codes: 'bytes', minima: 'added' },
    repack([codes, scales, minima], source, at, block) {
      copy(source, at, 2, scales, 2 * block);
      copy(source, at + 2, 2, minima, 2 * block);
      fiveBits(source, at + 4, codes, block, 0);
    },
  },
  Q8_0: {
    packing: { ...ofHalves, codes: 'bytes', minima: 'none' },
    repack([codes, scales], source, at, block) {
      copy(source, at, 2, scales, 2 * block);
      copy(source, at + 2, 32, codes, 32 * block);
    },
  },
  Q4_K: {
    packing: { ...ofBytes, codes: 'nibbles', minima: 'subtracted' },
    repack([codes, ...levels], source, at, block) {
      superBlock(levels, source, at, block);
      copy(source, at + 16, 128, codes, 128 * block);
    },
  },
  Q5_K: {
    packing: { ...ofBytes, codes: 'bytes', minima: 'subtracted' },
    repack([codes = none, ...levels], source, at, block) {
      superBlock(levels, source, at, block);
      for (let group = 0; group < 8; group++) {
        const low = at + 48 + (group >>> 1) * 32;
        const shift = (group & 1) * 4;
        for (let j = 0; j < 32; j++) {
          const four = ((source[low + j] ?? 0) >>> shift) & 15;
          const fifth = ((source[at + 16 + j] ?? 0) >>> group) & 1;
          codes[256 * block + 32 * group + j] = four | (fifth << 4);
        }
      }
    },
  },
  Q6_K: {
    packing: { ...ofBytes, codes: 'bytes', scales: 'int8', group: 16, minima: 'none' },
    repack([codes = none, scales, outer], source, at, block) {
      copy(source, at + 192, 16, scales, 16 * block);
      copy(source, at + 208, 2, outer, 2 * block);
      for (let run = 0; run < 8; run++) {
        const half = run >>> 2;
        const low = at + half * 64 + (run & 1) * 32;
        const high = at + 128 + half * 32;
        const lowShift = ((run >>> 1) & 1) * 4;
        const highShift = (run & 3) * 2;
        for (let j = 0; j < 32; j++) {
          const nibble = ((source[low + j] ?? 0) >>> lowShift) & 15;
          const pair = ((source[high + j] ?? 0) >>> highShift) & 3;
          codes[256 * block + 32 * run + j] = (nibble | (pair << 4)) - 32;
        }
      }
    },
  },
};

const none = new Uint8Array();

/** How a matrix of so many values of a GGUF type is held; null for float32, and where its blocks fill no whole unit. */
export function packingOfGgml(type: GgmlType, values: number): Packing | null {
  if (type === 'F32') return null;
  if (type === 'F16') return { kind: 'float', type: 'float16' };
  if (type === 'BF16') return { kind: 'float', type: 'bfloat16' };
  const { packing } = blocks[type];
  return values % unitOf(packing) === 0 ? packing : null;
}

/**
 * A matrix from the bytes of its tensor, whole blocks in the order of its values. The caller knows that it has a packing.
 */
export function fromGgml(type: GgmlType, source: Uint8Array): PackedMatrix {
  const values = elementsIn(type, source.length);
  const packing = packingOfGgml(type, values);
  if (packing === null) throw new RangeError(`${values} values of ${type} have no packing`);
  if (type === 'F32' || type === 'F16' || type === 'BF16') return { packing, parts: [source] };
  const parts = partShapes(packing, values).map((part) => new Uint8Array(partBytes(part)));
  const { bytes } = ggmlBlocks[type];
  const { repack } = blocks[type];
  for (let at = 0, block = 0; at < source.length; at += bytes, block++) {
    repack(parts, source, at, block);
  }
  return { packing, parts };
}

function copy(
  source: Uint8Array,
  from: number,
  bytes: number,
  target: Uint8Array = none,
  to: number,
): void {
  for (let i = 0; i < bytes; i++) target[to + i] = source[from + i] ?? 0;
}

/** 16 bytes with values 0 to 15 below and 16 to 31 above: into the low half of 32 bytes, or of an odd block into the high one. */
function nibbles(source: Uint8Array, from: number, codes: Uint8Array = none, block: number): void {
  const to = (block >>> 1) * 32;
  const shift = (block & 1) * 4;
  for (let j = 0; j < 16; j++) {
    const pair = source[from + j] ?? 0;
    codes[to + j] = (codes[to + j] ?? 0) | ((pair & 15) << shift);
    codes[to + 16 + j] = (codes[to + 16 + j] ?? 0) | ((pair >>> 4) << shift);
  }
}

/** 32 fifth bits and 16 bytes of nibbles, less `zero`, as signed bytes. */
function fiveBits(
  source: Uint8Array,
  from: number,
  codes: Uint8Array = none,
  block: number,
  zero: number,
): void {
  const to = 32 * block;
  const bit = (j: number) => ((source[from + (j >>> 3)] ?? 0) >>> (j & 7)) & 1;
  for (let j = 0; j < 16; j++) {
    const pair = source[from + 4 + j] ?? 0;
    codes[to + j] = ((pair & 15) | (bit(j) << 4)) - zero;
    codes[to + 16 + j] = ((pair >>> 4) | (bit(16 + j) << 4)) - zero;
  }
}

/** d, dmin and the 8 scales and minima of 6 bits that K-quants begin with. */
function superBlock(
  [scales = none, outer, minima = none, outerMinima]: readonly Uint8Array[],
  source: Uint8Array,
  at: number,
  block: number,
): void {
  copy(source, at, 2, outer, 2 * block);
  copy(source, at + 2, 2, outerMinima, 2 * block);
  for (let group = 0; group < 8; group++) {
    scales[8 * block + group] = scaleOf(source, at + 4, group);
    minima[8 * block + group] = minimumOf(source, at + 4, group);
  }
}
