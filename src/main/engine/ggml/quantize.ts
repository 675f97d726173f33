/** float32 to bytes of a GGUF tensor, bit for bit as llama.cpp quantises without an importance matrix. */
import { GGMLQuantizationType } from '@huggingface/gguf';
import { float32ToBfloat16, float32ToFloat16 } from '../numbers/float-formats.ts';
import { blockModule } from './block-module.ts';
import { ggmlBlocks, type GgmlType } from './ggml-types.ts';

/**
 * Quantises `values`, a whole number of blocks of `type`, into `target[offset …]`; the reverse of `dequantize`.
 * The caller has checked the sizes. Returns how many numbers have become infinite, which are beyond the largest number of
 * their type: values of 16 bits, or scales of blocks. Where blocks are written, values that are not finite count, too.
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
  return blockModule().quantize(GGMLQuantizationType[type], values, target, offset);
}

/** How many bytes `elements` of a type take. */
export function bytesFor(type: GgmlType, elements: number): number {
  return (elements / ggmlBlocks[type].elements) * ggmlBlocks[type].bytes;
}
