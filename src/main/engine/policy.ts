/** What this machine's device asks for: the type to compute in, and where XLA compiles. */
import type { Precision } from '../../shared/contract/training-config.ts';
import type { GenerationFusion } from './generate/program.ts';
import type { Fusion } from './graph/island.ts';
import type { ComputeType } from './model/base-weights.ts';
import { loadBinding } from './runtime/binding.ts';
import { processor } from './runtime/device.ts';

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
