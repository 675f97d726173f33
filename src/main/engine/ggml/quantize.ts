/** float32 to bytes of a GGUF tensor, bit for bit as llama.cpp quantises without an importance matrix. */
import { float32ToBfloat16, float32ToFloat16, halfAt } from '../numbers/float-formats.ts';
import { ggmlBlocks, type GgmlType } from './ggml-types.ts';
import {
  quantizeQ4_0,
  quantizeQ4_1,
  quantizeQ5_0,
  quantizeQ5_1,
  quantizeQ8_0,
} from './quantize-32.ts';
import { quantizeQ4K, quantizeQ5K } from './quantize-k.ts';
import { quantizeQ6K } from './quantize-q6k.ts';

/** Turns whole blocks of `values` into bytes of `target`, from `offset` on. */
type Quantize = (values: Float32Array, target: Uint8Array, offset: number) => void;

type BlockType = Exclude<GgmlType, 'F32' | 'F16' | 'BF16'>;

/** How blocks of a type are written, and at which of their bytes they have float16 scales. */
const writers: Readonly<Record<BlockType, { write: Quantize; scales: readonly number[] }>> = {
  Q4_0: { write: quantizeQ4_0, scales: [0] },
  Q4_1: { write: quantizeQ4_1, scales: [0, 2] },
  Q5_0: { write: quantizeQ5_0, scales: [0] },
  Q5_1: { write: quantizeQ5_1, scales: [0, 2] },
  Q8_0: { write: quantizeQ8_0, scales: [0] },
  Q4_K: { write: quantizeQ4K, scales: [0, 2] },
  Q5_K: { write: quantizeQ5K, scales: [0, 2] },
  Q6_K: { write: quantizeQ6K, scales: [208] },
};

/**
 * Quantises `values`, a whole number of blocks of `type`, into `target[offset …]`; the reverse of `dequantize`.
 * The caller has checked the sizes, and that every value is finite. Returns how many numbers of the result are
 * infinite all the same: values of 16 bits, or scales of blocks, that are beyond the largest number of their type.
 */
export function quantize(
  type: GgmlType,
  values: Float32Array,
  target: Uint8Array,
  offset: number,
): number {
  if (type === 'F32') {
    target.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), offset);
    return 0;
  }
  if (type === 'F16' || type === 'BF16') {
    const words = new Uint16Array(values.length);
    const overflows = (type === 'F16' ? float32ToFloat16 : float32ToBfloat16)(values, words);
    target.set(new Uint8Array(words.buffer), offset);
    return overflows;
  }
  const { write, scales } = writers[type];
  write(values, target, offset);
  const { bytes } = ggmlBlocks[type];
  const end = offset + bytesFor(type, values.length);
  let overflows = 0;
  for (const scale of scales) {
    for (let at = offset + scale; at < end; at += bytes) {
      if (!Number.isFinite(halfAt(target, at))) overflows++;
    }
  }
  return overflows;
}

/** How many bytes `elements` of a type take. */
export function bytesFor(type: GgmlType, elements: number): number {
  return (elements / ggmlBlocks[type].elements) * ggmlBlocks[type].bytes;
}
