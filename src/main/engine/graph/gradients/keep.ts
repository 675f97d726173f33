/** What a function keeps between its forward and its backward pass: the choice between memory and computing again. */
import type { Tensor } from '../node.ts';

/**
 * 'all': everything that the backward pass reads. 'products': what is marked, which are the outputs of matrix products
 * (element-wise work and attention are computed again). 'inputs': only the function's arguments.
 */
export type KeepPolicy = 'all' | 'products' | 'inputs';

/** Marks a tensor, so that it is kept under the policy 'products' (compare jax.ad_checkpoint.checkpoint_name). Gives it back. */
export function keepable(tensor: Tensor): Tensor {
  tensor.node.keepable.add(tensor.index);
  return tensor;
}

/** Operations that cost nothing, so that keeping their output would only take memory. */
const free = new Set(['Const', 'Reshape', 'Identity', 'StopGradient', 'ZerosLike']);

export function keepRule(policy: KeepPolicy): (tensor: Tensor) => boolean {
  const marked = ({ node, index }: Tensor) => node.keepable.has(index);
  switch (policy) {
    case 'all':
      return (tensor) => marked(tensor) || !free.has(tensor.node.op);
    case 'products':
      return marked;
    case 'inputs':
      return () => false;
  }
}
