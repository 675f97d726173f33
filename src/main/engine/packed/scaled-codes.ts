/** Codes that a float32 scale is multiplied with and nothing more, as bitsandbytes has them. */
import type { CodePacking } from './packing.ts';

/** @param group values that share a scale */
export function scaledCodes(codes: CodePacking['codes'], group: number): CodePacking {
  return { kind: 'codes', codes, group, zero: 0, scales: 'float32', minima: 'none' };
}

const perStep = Math.fround(1 / 127);

/**
 * What the codes of a row of int8 are multiplied with whose largest magnitude is m: m · (1/127), as bitsandbytes has it when it
 * trains on a processor (MatMul8bitFp). Its `int8_vectorwise_dequant`, (code · m) · (1/127), differs in the last bit.
 */
export function int8Scale(most: number): number {
  return Math.fround(most * perStep);
}

/** Numbers as the bytes that they are. */
export function bytesOf({ buffer, byteOffset, byteLength }: Int8Array | Float32Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}
