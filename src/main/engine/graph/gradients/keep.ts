/** What a function keeps between its forward and its backward pass: the choice between memory and computing again. */
import type { Tensor } from '../node.ts';

/**
 * 'all': everything that the backward pass reads. 'products': what is marked, which are the outputs of matrix products
 * (element-wise work and attention are computed again). 'inputs': only the function's arguments.
 */
export type KeepPolicy = 'all' | 'products' | 'inputs';

const mark = 'keep';

/** The same tensor, kept under the policy 'products' (compare jax.ad_checkpoint.checkpoint_name). */
export function keepable(tensor: Tensor): Tensor {
  return tensor.node.scope.addOne({
    op: 'Identity',
    name: mark,
    inputs: [tensor],
    dtype: tensor.dtype,
    shape: tensor.shape,
    attributes: { T: { kind: 'type', value: tensor.dtype } },
  });
}

/** Operations that cost nothing, so that keeping their output would only take memory. */
const free = new Set(['Const', 'Reshape', 'Identity', 'StopGradient', 'ZerosLike']);

export function keepRule(policy: KeepPolicy): (tensor: Tensor) => boolean {
  const marked = (tensor: Tensor) => tensor.node.name.startsWith(`${mark}_`);
  switch (policy) {
    case 'all':
      return (tensor) => marked(tensor) || !free.has(tensor.node.op);
    case 'products':
      return marked;
    case 'inputs':
      return () => false;
  }
}
