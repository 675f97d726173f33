/** The functions between the two matrices of a feed-forward block. */
import type { DType } from '../graph/dtype.ts';
import { island, type Fusion } from '../graph/island.ts';
import { present, type Tensor } from '../graph/node.ts';
import * as o from '../graph/ops/index.ts';
import { sumOf } from './float32.ts';

/** x·Φ(x), with the normal distribution's Φ (Hendrycks & Gimpel 2016, arXiv:1606.08415). */
function gelu(x: Tensor): Tensor {
  return o.mul(o.mul(x, 0.5), o.add(o.erf(o.mul(x, Math.SQRT1_2)), 1));
}

/** x/2 · (1 + tanh(√(2/π)(x + 0.044715 x³))): that paper's approximation, §2. */
function geluTanh(x: Tensor): Tensor {
  const cube = o.mul(x, o.mul(x, x));
  const inner = o.mul(o.add(x, o.mul(cube, 0.044715)), Math.sqrt(2 / Math.PI));
  return o.mul(o.mul(x, 0.5), o.add(o.tanh(inner), 1));
}

export type Activation = 'silu' | 'gelu' | 'gelu tanh' | 'relu';

export const activations: Readonly<Record<Activation, (x: Tensor) => Tensor>> = {
  silu: o.silu,
  gelu,
  'gelu tanh': geluTanh,
  relu: (x) => o.maximum(x, 0),
};

/** What config.json calls each (transformers' ACT2FN). */
export const activationNames: Readonly<Record<Activation, readonly string[]>> = {
  silu: ['silu', 'swish'],
  gelu: ['gelu'],
  'gelu tanh': ['gelu_pytorch_tanh', 'gelu_new'],
  relu: ['relu'],
};

/** The one that config.json calls so; undefined for one that is not computed. */
export function activationOf(name: string): Activation | undefined {
  const all: readonly Activation[] = ['silu', 'gelu', 'gelu tanh', 'relu'];
  return all.find((each) => activationNames[each].includes(name));
}

/** The activation of the sum of the terms, all [N, F]. */
export function activated(
  fusion: Fusion,
  activation: Activation,
  terms: readonly Tensor[],
  dtype: DType,
): Tensor {
  const [y] = island(fusion, 'activated', terms, (parts) => [
    o.cast(activations[activation](sumOf(parts)), dtype),
  ]);
  return present(y);
}
