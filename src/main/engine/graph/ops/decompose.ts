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

/** x [m, n] as Q·R, thin: orthonormal columns Q [m, k] and R [k, n] with k = min(m, n). */
export function orthogonal(x: Tensor): { q: Tensor; r: Tensor } {
  const [rows = 0, columns = 0] = x.shape;
  const size = Math.min(rows, columns);
  const [q, r] = x.node.scope.add({
    op: 'Qr',
    inputs: [x],
    attributes: {
      T: { kind: 'type', value: x.dtype },
      full_matrices: { kind: 'bool', value: false },
    },
    outputs: [
      { dtype: x.dtype, shape: [rows, size] },
      { dtype: x.dtype, shape: [size, columns] },
    ],
  }).outputs;
  return { q: present(q), r: present(r) };
}

/** x [m, n] as U·diag(s)·Vᵀ, thin: singular values s [k] descending, U [m, k] and V [n, k] with k = min(m, n). */
export function singular(x: Tensor): { values: Tensor; left: Tensor; right: Tensor } {
  const [rows = 0, columns = 0] = x.shape;
  const size = Math.min(rows, columns);
  const [values, left, right] = x.node.scope.add({
    op: 'Svd',
    inputs: [x],
    attributes: {
      T: { kind: 'type', value: x.dtype },
      compute_uv: { kind: 'bool', value: true },
      full_matrices: { kind: 'bool', value: false },
    },
    outputs: [
      { dtype: x.dtype, shape: [size] },
      { dtype: x.dtype, shape: [rows, size] },
      { dtype: x.dtype, shape: [columns, size] },
    ],
  }).outputs;
  return { values: present(values), left: present(left), right: present(right) };
}
