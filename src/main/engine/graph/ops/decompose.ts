/** Matrix decompositions; not differentiated. */
import { GraphError, present, showTensor, type Tensor } from '../node.ts';
import { sizeAt } from '../shape.ts';

/** A symmetric matrix [n, n] as V·diag(e)·Vᵀ: eigenvalues e [n] ascending, eigenvectors in the columns of V [n, n]. */
export function symmetricEigen(x: Tensor): { values: Tensor; vectors: Tensor } {
  const size = sizeAt(x.shape, 0);
  if (x.shape.length !== 2 || sizeAt(x.shape, 1) !== size) {
    throw new GraphError(`${showTensor(x)} is not square`);
  }
  const [values, vectors] = x.node.scope.add({
    op: 'SelfAdjointEigV2',
    inputs: [x],
    attributes: { T: { kind: 'type', value: x.dtype }, compute_v: { kind: 'bool', value: true } },
    outputs: [
      { dtype: x.dtype, shape: [size] },
      { dtype: x.dtype, shape: [size, size] },
    ],
  }).outputs;
  return { values: present(values), vectors: present(vectors) };
}

/** Orthonormal columns [m, n] that span the columns of x [m, n], m ≥ n: the Q of a thin QR decomposition. */
export function orthonormal(x: Tensor): Tensor {
  const [rows = 0, columns = 0] = x.shape;
  return present(
    x.node.scope.add({
      op: 'Qr',
      inputs: [x],
      attributes: {
        T: { kind: 'type', value: x.dtype },
        full_matrices: { kind: 'bool', value: false },
      },
      outputs: [
        { dtype: x.dtype, shape: [rows, columns] },
        { dtype: x.dtype, shape: [columns, columns] },
      ],
    }).outputs[0],
  );
}
