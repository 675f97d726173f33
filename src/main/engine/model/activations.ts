/** The functions between the two matrices of a feed-forward block. */
import type { Tensor } from '../graph/node.ts';
import * as o from '../graph/ops/index.ts';

/** x/2 · (1 + tanh(√(2/π)(x + 0.044715 x³))) (Hendrycks & Gimpel 2016, arXiv:1606.08415, §2). */
export function geluTanh(x: Tensor): Tensor {
  const cube = o.mul(x, o.mul(x, x));
  const inner = o.mul(o.add(x, o.mul(cube, 0.044715)), Math.sqrt(2 / Math.PI));
  return o.mul(o.mul(x, 0.5), o.add(o.tanh(inner), 1));
}

export type Activation = 'silu' | 'gelu tanh';

export const activations: Readonly<Record<Activation, (x: Tensor) => Tensor>> = {
  silu: o.silu,
  'gelu tanh': geluTanh,
};

/** What config.json calls each (transformers' ACT2FN). */
export const activationNames: Readonly<Record<Activation, readonly string[]>> = {
  silu: ['silu', 'swish'],
  'gelu tanh': ['gelu_pytorch_tanh', 'gelu_new'],
};
