/** Rotary position angles. */
import type { NamedTensor, NamedTensors } from '../graph/named-tensors.ts';
import type { Tensor } from '../graph/node.ts';
import * as o from '../graph/ops/index.ts';
import type { RopeScaling } from './rope-scaling.ts';

/** How positions turn the first `dimensions` numbers of each head; even. */
export type Rotation = { theta: number; scaling: RopeScaling | null; dimensions: number };

/** Of position × frequency, float32 [B, T, dimensions / 2]; those of `longrope` are longer than 1. */
export type RopeAngles = { cos: Tensor; sin: Tensor };

/**
 * The angular frequencies of the n/2 pairs of n dimensions: θ^(−2i/n), stretched as the config says
 * (llama3: transformers `modeling_rope_utils._compute_llama3_parameters`; longrope: `_compute_longrope_parameters`).
 */
function ropeFrequencies({ theta, scaling, dimensions }: Rotation, places: number): number[] {
  const plain = Array.from({ length: dimensions / 2 }, (_, i) => theta ** ((-2 * i) / dimensions));
  if (!scaling) return plain;
  if (scaling.type === 'linear') return plain.map((f) => f / scaling.factor);
  if (scaling.type === 'longrope') {
    const isLong = places > scaling.originalMaxPositionEmbeddings;
    const factors = isLong ? scaling.longFactors : scaling.shortFactors;
    return plain.map((f, i) => f / (factors[i] ?? NaN));
  }
  const { factor, lowFreqFactor, highFreqFactor, originalMaxPositionEmbeddings } = scaling;
  return plain.map((frequency) => {
    const turns = (originalMaxPositionEmbeddings * frequency) / (2 * Math.PI);
    if (turns < lowFreqFactor) return frequency / factor;
    if (turns > highFreqFactor) return frequency;
    const smooth = (turns - lowFreqFactor) / (highFreqFactor - lowFreqFactor);
    return (1 - smooth) * (frequency / factor) + smooth * frequency;
  });
}

/**
 * positions (int32) [B, T] → their angles. Where those of long sequences are turned in another way than those of short ones,
 * all positions are turned as a sequence of `places` tokens wants it: a block's length, or that of a cache.
 */
export function ropeAngles(rotation: Rotation, positions: Tensor, places: number): RopeAngles {
  const frequencies = ropeFrequencies(rotation, places);
  const length = rotation.scaling?.type === 'longrope' ? rotation.scaling.attentionFactor : 1;
  const scaled = (x: Tensor) => (length === 1 ? x : o.mul(x, length));
  const at = o.reshape(o.cast(positions, 'float32'), [...positions.shape, 1]);
  const angles = o.mul(at, o.floats(positions.node.scope, frequencies, [1, 1, frequencies.length]));
  return { cos: scaled(o.cos(angles)), sin: scaled(o.sin(angles)) };
}

/** The angles among the inputs of a function. */
export function angleTensors(angles: RopeAngles | null): NamedTensor[] {
  if (!angles) return [];
  return [
    ['cos', angles.cos],
    ['sin', angles.sin],
  ];
}

/** What `angleTensors` put there. */
export function anglesFrom(rotation: Rotation | null, inputs: NamedTensors): RopeAngles | null {
  return rotation && { cos: inputs.get('cos'), sin: inputs.get('sin') };
}
