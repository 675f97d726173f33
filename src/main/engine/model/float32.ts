/** Element-wise work is done in float32, whatever type the products read and give. */
import type { Tensor } from '../graph/node.ts';
import * as o from '../graph/ops/index.ts';

export const f32 = (x: Tensor): Tensor => o.cast(x, 'float32');

/** Several tensors of one shape, added in float32: what a product gives as terms still to be added. */
export function sumOf(terms: readonly Tensor[]): Tensor {
  return terms.map(f32).reduce((total, term) => o.add(total, term));
}
