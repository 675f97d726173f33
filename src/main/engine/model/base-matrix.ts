/** A frozen weight of the base model that knows its own product, however it is held. */
import type { DType } from '../graph/dtype.ts';
import { GraphError, present, type Tensor } from '../graph/node.ts';
import * as o from '../graph/ops/index.ts';
import { sizeAt } from '../graph/shape.ts';

/** W [out, in]. */
export interface BaseMatrix {
  readonly out: number;
  readonly in: number;
  /** The type of its products' inputs and results. */
  readonly dtype: DType;
  /** What it is computed from: a function takes these as arguments, see `withTensors`. */
  readonly tensors: readonly Tensor[];
  /** x·Wᵀ: [N, in] → [N, out]. */
  product(x: Tensor): Tensor;
  /** dy·W: [N, out] → [N, in], the gradient of `product` for x. */
  productGradient(dy: Tensor): Tensor;
  /** Its rows at the indices (int32 [N]): [N, in]. */
  rows(indices: Tensor): Tensor;
  /** W itself [out, in]. */
  dense(): Tensor;
  /** The same matrix from other tensors in the same order: inside a function. */
  withTensors(tensors: readonly Tensor[]): BaseMatrix;
}

/** A matrix held as it is, in float32 or bfloat16. */
export function floatMatrix(weight: Tensor): BaseMatrix {
  if (weight.shape.length !== 2) throw new GraphError('a base matrix has two axes');
  return {
    out: sizeAt(weight.shape, 0),
    in: sizeAt(weight.shape, 1),
    dtype: weight.dtype,
    tensors: [weight],
    product: (x) => o.matmul(x, weight, { transposeB: true }),
    productGradient: (dy) => o.matmul(dy, weight),
    rows: (indices) => o.gather(weight, indices),
    dense: () => weight,
    withTensors: ([tensor]) => floatMatrix(present(tensor)),
  };
}
