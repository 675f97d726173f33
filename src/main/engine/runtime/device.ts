/** What this machine computes with. */
import { readFileSync } from 'node:fs';
import type { Fusion } from '../graph/island.ts';
import type { Precision } from '../../../shared/contract/training-config.ts';
import type { ComputeType } from '../model/base-weights.ts';
import type { GenerationFusion } from '../generate/program.ts';
import { loadBinding } from './binding.ts';

/** The processor's name and whether it multiplies bfloat16 natively (AVX-512 BF16 or AMX). */
export function processor(): { name: string; nativeBfloat16: boolean } {
  let info = '';
  try {
    info = readFileSync('/proc/cpuinfo', 'utf8');
  } catch {
    // Not Linux: the name and the instructions stay unknown, and float32 is used.
  }
  const name = /^model name\s*:\s*(.+)$/m.exec(info)?.[1] ?? 'CPU';
  return { name, nativeBfloat16: /\b(avx512_bf16|amx_bf16)\b/.test(info) };
}

/** 'auto' takes bfloat16 where the device multiplies it natively: elsewhere it would be emulated, and slower. */
export function computeTypeOf(precision: Precision): ComputeType {
  if (precision !== 'auto') return precision;
  return loadBinding().isUsingGpuDevice() || processor().nativeBfloat16 ? 'bfloat16' : 'float32';
}

/** Where XLA compiles on this device; see `Fusion`. */
export function fusionOfDevice(): Fusion {
  return loadBinding().isUsingGpuDevice() ? 'layers' : 'islands';
}

/** From this many tokens on, compiling (about a second) is earned back: decoding is then half as fast again. */
const worthCompiling = 48;

/** Where XLA compiles for answers of up to so many tokens. */
export function generationFusion(maxNewTokens: number): GenerationFusion {
  if (loadBinding().isUsingGpuDevice()) return { prefill: 'layers', decode: 'layers' };
  return { prefill: 'none', decode: maxNewTokens > worthCompiling ? 'layers' : 'none' };
}
