/** Bytes of a GGUF tensor to float32. Each value is rounded once, so it equals gguf-py's bit for bit. */
import { bfloat16ToFloat32, float16ToFloat32, halfAt } from '../numbers/float-formats.ts';
import { dequantizeQ4K, dequantizeQ5K, dequantizeQ6K } from './dequantize-k.ts';
import { ggmlBlocks, type GgmlType } from './ggml-types.ts';

/** Turns whole blocks of `source` into values of `target`, from `offset` on. */
type Dequantize = (source: Uint8Array, target: Float32Array, offset: number) => void;

const readers: Readonly<Record<GgmlType, Dequantize>> = {
  F32: (source, target, offset) => {
    new Uint8Array(target.buffer, target.byteOffset + 4 * offset, source.length).set(source);
  },
  F16: (source, target, offset) => {
    float16ToFloat32(words(source), target, offset);
  },
  BF16: (source, target, offset) => {
    bfloat16ToFloat32(words(source), target, offset);
  },
  Q4_0: dequantizeQ4_0,
  Q4_1: dequantizeQ4_1,
  Q5_0: dequantizeQ5_0,
  Q5_1: dequantizeQ5_1,
  Q8_0: dequantizeQ8_0,
  Q4_K: dequantizeQ4K,
  Q5_K: dequantizeQ5K,
  Q6_K: dequantizeQ6K,
};

/**
 * Dequantises `source`, a whole number of blocks of `type`, into `target[offset …]`.
 * Layouts and formulas: ggml-common.h and ggml-quants.c of llama.cpp. The caller has checked the sizes.
 */
export function dequantize(
  type: GgmlType,
  source: Uint8Array,
  target: Float32Array,
  offset: number,
): void {
  readers[type](source, target, offset);
}

/** How many elements `bytes` of a type hold. */
export function elementsIn(type: GgmlType, bytes: number): number {
  return (bytes / ggmlBlocks[type].bytes) * ggmlBlocks[type].elements;
}

function words(source: Uint8Array): Uint16Array {
  const aligned = source.byteOffset % 2 === 0 ? source : source.slice();
  return new Uint16Array(aligned.buffer, aligned.byteOffset, aligned.length >>> 1);
}

/** Block: scale d, 16 bytes of nibbles; low nibbles are elements 0–15. value = d·(q − 8) */
function dequantizeQ4_0(source: Uint8Array, target: Float32Array, offset: number): void {
  let out = offset;
  for (let at = 0; at < source.length; at += 18, out += 32) {
    const d = halfAt(source, at);
    for (let j = 0; j < 16; j++) {
      const pair = source[at + 2 + j] ?? 0;
      target[out + j] = d * ((pair & 15) - 8);
      target[out + j + 16] = d * ((pair >>> 4) - 8);
    }
  }
}

/** Block: scale d, minimum m, 16 bytes of nibbles. value = d·q + m */
function dequantizeQ4_1(source: Uint8Array, target: Float32Array, offset: number): void {
  let out = offset;
  for (let at = 0; at < source.length; at += 20, out += 32) {
    const d = halfAt(source, at);
    const m = halfAt(source, at + 2);
    for (let j = 0; j < 16; j++) {
      const pair = source[at + 4 + j] ?? 0;
      target[out + j] = d * (pair & 15) + m;
      target[out + j + 16] = d * (pair >>> 4) + m;
    }
  }
}

/** Block: scale d, 32 fifth bits, 16 bytes of nibbles. value = d·(q − 16) */
function dequantizeQ5_0(source: Uint8Array, target: Float32Array, offset: number): void {
  let out = offset;
  for (let at = 0; at < source.length; at += 22, out += 32) {
    const d = halfAt(source, at);
    const high = wordAt(source, at + 2);
    for (let j = 0; j < 16; j++) {
      const pair = source[at + 6 + j] ?? 0;
      target[out + j] = d * (((pair & 15) | (((high >>> j) & 1) << 4)) - 16);
      target[out + j + 16] = d * (((pair >>> 4) | (((high >>> (j + 16)) & 1) << 4)) - 16);
    }
  }
}

/** Block: scale d, minimum m, 32 fifth bits, 16 bytes of nibbles. value = d·q + m */
function dequantizeQ5_1(source: Uint8Array, target: Float32Array, offset: number): void {
  let out = offset;
  for (let at = 0; at < source.length; at += 24, out += 32) {
    const d = halfAt(source, at);
    const m = halfAt(source, at + 2);
    const high = wordAt(source, at + 4);
    for (let j = 0; j < 16; j++) {
      const pair = source[at + 8 + j] ?? 0;
      target[out + j] = d * ((pair & 15) | (((high >>> j) & 1) << 4)) + m;
      target[out + j + 16] = d * ((pair >>> 4) | (((high >>> (j + 16)) & 1) << 4)) + m;
    }
  }
}

/** Block: scale d, 32 signed bytes. value = d·q */
function dequantizeQ8_0(source: Uint8Array, target: Float32Array, offset: number): void {
  const signed = new Int8Array(source.buffer, source.byteOffset, source.length);
  let out = offset;
  for (let at = 0; at < source.length; at += 34, out += 32) {
    const d = halfAt(source, at);
    for (let j = 0; j < 32; j++) target[out + j] = d * (signed[at + 2 + j] ?? 0);
  }
}

function wordAt(source: Uint8Array, at: number): number {
  const low = (source[at] ?? 0) | ((source[at + 1] ?? 0) << 8);
  return low | ((source[at + 2] ?? 0) << 16) | ((source[at + 3] ?? 0) << 24);
}
