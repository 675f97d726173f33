/** A whole matrix brought to a rank, and its singular values: through the eigenvectors of its smaller side. */
import type { Tensor } from '../graph/node.ts';
import * as o from '../graph/ops/index.ts';
import { sizeAt } from '../graph/shape.ts';
import type { WrittenFactors } from './products.ts';

/** The directions of the smaller side of x [out, in], in the columns of `vectors`, the weakest first. */
export type Directions = { x: Tensor; tall: boolean; values: Tensor; vectors: Tensor };

/** Eigenvectors of xᵀ·x where x is tall, else of x·xᵀ. */
export function directionsOf(x: Tensor): Directions {
  const tall = sizeAt(x.shape, 0) > sizeAt(x.shape, 1);
  const gram = o.matmul(x, x, tall ? { transposeA: true } : { transposeB: true });
  return { x, tall, ...o.symmetricEigen(gram) };
}

/** The nearest matrix of this rank: x projected on its strongest directions, which are orthonormal rows of A or columns of B. */
export function projected({ x, tall, vectors }: Directions, rank: number): WrittenFactors {
  const size = sizeAt(vectors.shape, 0);
  const strongest = o.slice(vectors, [0, size - rank], [size, rank]);
  const [b, a] = tall
    ? [o.matmul(x, strongest), o.transpose(strongest, [1, 0])]
    : [strongest, o.matmul(strongest, x, { transposeA: true })];
  return { a: o.cast(a, 'float32'), b: o.cast(b, 'float32') };
}

/** The greatest singular values, descending. As roots, those below 1e-8 of the first are no more than an order of size. */
export function greatestValues({ values }: Directions, count: number): Tensor {
  const greatest = o.gather(values, o.topK(values, count));
  return o.sqrt(o.maximum(greatest, 0));
}
