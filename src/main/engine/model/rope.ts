/** Rotary position angles. */
import type { NamedTensor, NamedTensors } from '../graph/named-tensors.ts';
import type { Tensor } from '../graph/node.ts';
import * as o from '../graph/ops/index.ts';
import type { RopeScaling } from './rope-scaling.ts';

/** How positions turn the first `dimensions` numbers of each head; even. */
export type Rotation = { theta: number; scaling: RopeScaling | null; dimensions: number };

/** Of position × frequency, float32 [B, T, dimensions / 2]. */
export type RopeAngles = { cos: Tensor; sin: Tensor };

/**
 * The angular frequencies of the n/2 pairs of n dimensions: θ^(−2i/n), stretched as the config says
 * (llama3: transformers `modeling_rope_utils._compute_llama3_parameters`).
 */
function ropeFrequencies({ theta, scaling, dimensions }: Rotation): number[] {
  const plain = Array.from({ length: dimensions / 2 }, (_, i) => theta ** ((-2 * i) / dimensions));
  if (!scaling) return plain;
  if (scaling.type === 'linear') return plain.map((f) => f / scaling.factor);
  const { factor, lowFreqFactor, highFreqFactor, originalMaxPositionEmbeddings } = scaling;
  return plain.map((frequency) => {
    const turns = (originalMaxPositionEmbeddings * frequency) / (2 * Math.PI);
    if (turns < lowFreqFactor) return frequency / factor;
    if (turns > highFreqFactor) return frequency;
    const smooth = (turns - lowFreqFactor) / (highFreqFactor - lowFreqFactor);
    return (1 - smooth) * (frequency / factor) + smooth * frequency;
  });
}

/** positions (int32) [B, T] → their angles. */
export function ropeAngles(rotation: Rotation, positions: Tensor): RopeAngles {
  const frequencies = ropeFrequencies(rotation);
  const at = o.reshape(o.cast(positions, 'float32'), [...positions.shape, 1]);
  const angles = o.mul(at, o.floats(positions.node.scope, frequencies, [1, 1, frequencies.length]));
  return { cos: o.cos(angles), sin: o.sin(angles) };
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
