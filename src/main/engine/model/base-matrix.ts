/** A frozen weight of the base model that knows its own product, however it is held. */
import type { DType } from '../graph/dtype.ts';
import { call, defineFunction } from '../graph/function.ts';
import { GraphError, present, type Tensor } from '../graph/node.ts';
import * as o from '../graph/ops/index.ts';
import { sizeAt } from '../graph/shape.ts';
import type { Packing } from '../packed/packing.ts';
import { unpacked } from './unpacked.ts';

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
    ...productsOf(() => weight),
    withTensors: ([tensor]) => floatMatrix(present(tensor)),
  };
}

/** Rows of a matrix that are held in one way; null where they are held as they are. */
export type HeldRows = {
  readonly rows: number;
  readonly packing: Packing | null;
  readonly tensors: readonly Tensor[];
};

/**
 * A matrix whose rows are unpacked where it is computed with, once in each scope: inside of a layer's function, so that one
 * layer at a time is dense.
 */
export function packedMatrix(
  parts: readonly HeldRows[],
  columns: number,
  dtype: DType,
): BaseMatrix {
  const out = parts.reduce((sum, { rows }) => sum + rows, 0);
  const tensors = parts.flatMap((part) => part.tensors);
  let made: Tensor | undefined;
  const dense = () => {
    made ??= unpackedRows(parts, columns, dtype);
    return made;
  };
  return {
    ...{ out, in: columns, dtype, tensors },
    ...productsOf(dense),
    withTensors(others) {
      return packedMatrix(partsFrom(parts, others), columns, dtype);
    },
  };
}

/** The same matrices from other tensors in the same order. */
export function matricesFrom(
  matrices: readonly BaseMatrix[],
  tensors: readonly Tensor[],
): BaseMatrix[] {
  const waiting = tensors.values();
  return matrices.map((matrix) =>
    matrix.withTensors(matrix.tensors.map(() => present(waiting.next().value))),
  );
}

/** The same rows from other tensors in the same order. */
function partsFrom(parts: readonly HeldRows[], tensors: readonly Tensor[]): HeldRows[] {
  const waiting = tensors.values();
  return parts.map((part) => ({
    ...part,
    tensors: part.tensors.map(() => present(waiting.next().value)),
  }));
}

function productsOf(
  dense: () => Tensor,
): Pick<BaseMatrix, 'product' | 'productGradient' | 'rows' | 'dense'> {
  return {
    product: (x) => o.matmul(x, dense(), { transposeB: true }),
    productGradient: (dy) => o.matmul(dy, dense()),
    rows: (indices) => o.gather(dense(), indices),
    dense,
  };
}

function unpackedRows(parts: readonly HeldRows[], columns: number, dtype: DType): Tensor {
  const args = parts.flatMap(({ tensors }) => tensors);
  const fn = defineFunction(
    'unpack',
    args,
    (given) => {
      const rows = partsFrom(parts, given).map(({ rows, packing, tensors }) =>
        packing === null
          ? present(tensors[0])
          : o.reshape(unpacked(packing, tensors, dtype), [rows, columns]),
      );
      return [o.concat(rows, 0)];
    },
    { compiled: true },
  );
  return present(call(fn, args)[0]);
}
