/** The K-quants of GGUF: blocks of 256 elements whose scales are themselves quantised. */
import { halfAt } from '../numbers/float-formats.ts';

/** Scale of group g (0–7) from the 12 packed bytes at `at` (ggml-quants.c get_scale_min_k4). */
export function scaleOf(source: Uint8Array, at: number, g: number): number {
  if (g < 4) return (source[at + g] ?? 0) & 63;
  return ((source[at + g + 4] ?? 0) & 15) | (((source[at + g - 4] ?? 0) >>> 6) << 4);
}

/** Minimum of group g (0–7) from the same 12 bytes. */
export function minimumOf(source: Uint8Array, at: number, g: number): number {
  if (g < 4) return (source[at + g + 4] ?? 0) & 63;
  return ((source[at + g + 4] ?? 0) >>> 4) | (((source[at + g] ?? 0) >>> 6) << 4);
}

/**
 * Block: d, dmin, 12 bytes of scales and minima, 128 bytes of nibbles.
 * Group g of 32 has value = d·scale·q − dmin·minimum; groups 2i and 2i+1 share 32 bytes, low nibbles first.
 */
export function dequantizeQ4K(source: Uint8Array, target: Float32Array, offset: number): void {
  let out = offset;
  for (let at = 0; at < source.length; at += 144) {
    const d = halfAt(source, at);
    const dmin = halfAt(source, at + 2);
    for (let g = 0; g < 8; g++, out += 32) {
      const scale = d * scaleOf(source, at + 4, g);
      const minimum = dmin * minimumOf(source, at + 4, g);
      const bytes = at + 16 + (g >>> 1) * 32;
      const shift = (g & 1) * 4;
      for (let j = 0; j < 32; j++) {
        target[out + j] = scale * (((source[bytes + j] ?? 0) >>> shift) & 15) - minimum;
      }
    }
  }
}

/** As Q4_K, with 32 bytes of fifth bits before the nibbles: bit g of byte j belongs to element j of group g. */
export function dequantizeQ5K(source: Uint8Array, target: Float32Array, offset: number): void {
  let out = offset;
  for (let at = 0; at < source.length; at += 176) {
    const d = halfAt(source, at);
    const dmin = halfAt(source, at + 2);
    for (let g = 0; g < 8; g++, out += 32) {
      const scale = d * scaleOf(source, at + 4, g);
      const minimum = dmin * minimumOf(source, at + 4, g);
      const bytes = at + 48 + (g >>> 1) * 32;
      const shift = (g & 1) * 4;
      for (let j = 0; j < 32; j++) {
        const low = ((source[bytes + j] ?? 0) >>> shift) & 15;
        const high = ((source[at + 16 + j] ?? 0) >>> g) & 1;
        target[out + j] = scale * (low | (high << 4)) - minimum;
      }
    }
  }
}

/**
 * Block: 128 bytes of low nibbles, 64 bytes of high pairs, 16 signed scales, d. value = d·scale·(q − 32).
 * Each half of 128 elements has four runs of 32: nibbles low, low, high, high; pairs at bits 0, 2, 4, 6.
 */
export function dequantizeQ6K(source: Uint8Array, target: Float32Array, offset: number): void {
  const signed = new Int8Array(source.buffer, source.byteOffset, source.length);
  let out = offset;
  for (let at = 0; at < source.length; at += 210) {
    const d = halfAt(source, at + 208);
    for (let run = 0; run < 8; run++, out += 32) {
      const part = run >>> 2;
      const low = at + part * 64 + (run & 1) * 32;
      const high = at + 128 + part * 32;
      const lowShift = ((run >>> 1) & 1) * 4;
      const highShift = (run & 3) * 2;
      for (let j = 0; j < 32; j++) {
        const scale = d * (signed[at + 192 + run * 2 + (j >>> 4)] ?? 0);
        const nibble = ((source[low + j] ?? 0) >>> lowShift) & 15;
        const pair = ((source[high + j] ?? 0) >>> highShift) & 3;
        target[out + j] = scale * ((nibble | (pair << 4)) - 32);
      }
    }
  }
}
