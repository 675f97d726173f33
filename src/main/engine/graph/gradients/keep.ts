/** What a function keeps between its forward and its backward pass: the choice between memory and computing again. */
import type { Tensor } from '../node.ts';

/**
 * 'all': what takes long to compute again, which are the outputs of matrix products and the attention of each token to each
 * other. 'products': the same without the attention, which grows with the square of the length. 'inputs': only the
 * function's arguments.
 */
export type KeepPolicy = 'all' | 'products' | 'inputs';

/** Marks a tensor, so that it is kept unless the policy is 'inputs' (compare jax.ad_checkpoint.checkpoint_name). Gives it back. */
export function keepable(tensor: Tensor): Tensor {
  tensor.node.keepable.add(tensor.index);
  return tensor;
}

export function keepRule(policy: KeepPolicy): (tensor: Tensor) => boolean {
  return ({ node, index }) => policy !== 'inputs' && node.keepable.has(index);
}
