/** Products of rows with a matrix for each run of them: what a mixture of experts is computed with (Gale et al. 2022, arXiv:2211.15841). */
import { call, defineFunction, type FunctionGradient } from '../graph/function.ts';
import { present, type Tensor } from '../graph/node.ts';
import * as o from '../graph/ops/index.ts';
import { sizeAt } from '../graph/shape.ts';
import { floatMatrix, matricesFrom, type BaseMatrix } from './base-matrix.ts';

/** x·Wᵀ [P, out] with frozen matrices of one form: the first lengths[0] rows of x [P, in] meet the first, and so on. */
export function runProduct(x: Tensor, lengths: Tensor, matrices: readonly BaseMatrix[]): Tensor {
  return product(x, lengths, matrices, () =>
    matrices.flatMap(({ tensors }) => tensors.map(() => null)),
  );
}

/** The same with weights [out, in] that learn. */
export function learningRunProduct(x: Tensor, lengths: Tensor, weights: readonly Tensor[]): Tensor {
  return product(x, lengths, weights.map(floatMatrix), (rows, dys) =>
    dys.map((dy, i) => o.matmul(dy, present(rows[i]), { transposeA: true })),
  );
}

/** The gradients of the matrices' tensors, from the runs of x and of the gradient of the result. */
type MatrixGradients = (
  rows: readonly Tensor[],
  dys: readonly Tensor[],
) => readonly (Tensor | null)[];

function product(
  x: Tensor,
  lengths: Tensor,
  matrices: readonly BaseMatrix[],
  matrixGradients: MatrixGradients,
): Tensor {
  const rows = sizeAt(x.shape, 0);
  const args = [x, lengths, ...matrices.flatMap(({ tensors }) => tensors)];
  const body = ([all, runs, ...tensors]: readonly Tensor[]) => {
    const own = matricesFrom(matrices, tensors);
    const pieces = o.splitRuns(present(all), present(runs));
    return [
      o.joinRuns(
        own.map((each, i) => each.product(present(pieces[i]))),
        rows,
      ),
    ];
  };
  const gradient: FunctionGradient = ([all, runs, ...tensors], _, [dy]) => {
    const own = matricesFrom(matrices, tensors);
    const dys = o.splitRuns(present(dy), present(runs));
    const dx = own.map((each, i) => each.productGradient(present(dys[i])));
    const pieces = o.splitRuns(present(all), present(runs));
    return [o.joinRuns(dx, rows), null, ...matrixGradients(pieces, dys)];
  };
  const fn = defineFunction('run_product', args, body, { compiled: false, gradient });
  return present(call(fn, args)[0]);
}
