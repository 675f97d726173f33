/** What this machine's device asks for: the type to compute in, and where XLA compiles. */
import type { Precision } from '../../shared/contract/training-config.ts';
import type { GenerationFusion } from './generate/program.ts';
import type { Fusion } from './graph/island.ts';
import type { ModelConfig } from './model/architecture.ts';
import type { ComputeType } from './model/base-weights.ts';
import { loadBinding } from './runtime/binding.ts';
import { processor } from './runtime/device.ts';

/** 'auto' takes bfloat16 where the device multiplies it natively: elsewhere it would be emulated, and slower. */
export function computeTypeOf(precision: Precision): ComputeType {
  if (precision !== 'auto') return precision;
  return loadBinding().isUsingGpuDevice() || processor().nativeBfloat16 ? 'bfloat16' : 'float32';
}

/** How much a run, or a measurement, computes. */
export type Work = {
  /** Of the model: its parameters. */
  weights: number;
  /** That go through it. */
  tokens: number;
};

/**
 * From so many weights times tokens on, a processor earns back the three seconds that compiling takes. Two cores, SmolLM2-135M:
 * a step of 1024 tokens takes 5.2 seconds instead of 5.8.
 */
const worthCompiling = 6e11;

/** Where XLA compiles what learns; see `Fusion`. */
export function trainingFusion({ weights, tokens }: Work): Fusion {
  if (loadBinding().isUsingGpuDevice()) return 'layers';
  return weights * tokens < worthCompiling ? 'none' : 'islands';
}

/** Where XLA compiles what only gives losses: a forward pass is a third of a step. */
export function scoringFusion({ weights, tokens }: Work): Fusion {
  return trainingFusion({ weights, tokens: tokens / 3 });
}

/** Where XLA compiles for a few passes. */
export function briefFusion(): Fusion {
  return trainingFusion({ weights: 0, tokens: 0 });
}

/**
 * From so many layers times tokens on, a processor earns back the second that compiling takes: each layer takes 0.4 ms less for
 * a token. Two cores, SmolLM2-135M (30 layers, even at 85 tokens) and a model of three small layers.
 */
const worthCompilingAnswers = 2500;

/**
 * Where XLA compiles what writes answers.
 * @param tokens passes through the layers: one writes the next token of all answers that are written together
 */
export function generationFusion(
  { numHiddenLayers: layers }: Pick<ModelConfig, 'numHiddenLayers'>,
  tokens: number,
): GenerationFusion {
  if (loadBinding().isUsingGpuDevice()) return { prefill: 'layers', decode: 'layers' };
  return { prefill: 'none', decode: layers * tokens < worthCompilingAnswers ? 'none' : 'layers' };
}
