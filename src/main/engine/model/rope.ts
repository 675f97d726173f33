/** Rotary position angles. */
import type { Tensor } from '../graph/node.ts';
import * as o from '../graph/ops/index.ts';
import type { LlamaConfig } from './config.ts';

/**
 * The hd/2 angular frequencies: θ^(−2i/hd), stretched as the config says
 * (llama3: transformers `modeling_rope_utils._compute_llama3_parameters`).
 */
export function ropeFrequencies(config: LlamaConfig): number[] {
  const { headDim, ropeTheta, ropeScaling } = config;
  const plain = Array.from({ length: headDim / 2 }, (_, i) => ropeTheta ** ((-2 * i) / headDim));
  if (!ropeScaling) return plain;
  if (ropeScaling.type === 'linear') return plain.map((f) => f / ropeScaling.factor);
  const { factor, lowFreqFactor, highFreqFactor, originalMaxPositionEmbeddings } = ropeScaling;
  return plain.map((frequency) => {
    const turns = (originalMaxPositionEmbeddings * frequency) / (2 * Math.PI);
    if (turns < lowFreqFactor) return frequency / factor;
    if (turns > highFreqFactor) return frequency;
    const smooth = (turns - lowFreqFactor) / (highFreqFactor - lowFreqFactor);
    return (1 - smooth) * (frequency / factor) + smooth * frequency;
  });
}

/** positions (int32) [B, T] → cos and sin of position × frequency, float32 [B, T, hd/2]. */
export function ropeAngles(config: LlamaConfig, positions: Tensor): { cos: Tensor; sin: Tensor } {
  const frequencies = ropeFrequencies(config);
  const at = o.reshape(o.cast(positions, 'float32'), [...positions.shape, 1]);
  const angles = o.mul(at, o.floats(positions.node.scope, frequencies, [1, 1, frequencies.length]));
  return { cos: o.cos(angles), sin: o.sin(angles) };
}
