/** Matrices that are products of two thin ones, computed with as such in float64: nothing of their own size is made. */
import type { Tensor } from '../graph/node.ts';
import * as o from '../graph/ops/index.ts';
import { sizeAt } from '../graph/shape.ts';

/** The matrix b · a [out, in], float64: b [out, n], a [n, in]. */
export type Product = { b: Tensor; a: Tensor };

/** A module's A [rank, in] and B [out, rank] in float32, as they are written. */
export type WrittenFactors = { a: Tensor; b: Tensor };

/** The sum of products is a product. */
export function sumOf(products: readonly Product[]): Product {
  return {
    b: o.concat(
      products.map(({ b }) => b),
      1,
    ),
    a: o.concat(
      products.map(({ a }) => a),
      0,
    ),
  };
}

export function asProduct({ a, b }: WrittenFactors): Product {
  return { b: o.cast(b, 'float64'), a: o.cast(a, 'float64') };
}

/** b · a = left · core · rightᵀ with orthonormal columns left and right: the core has its norm and its singular values. */
function coreOf({ b, a }: Product): { left: Tensor; core: Tensor; right: Tensor } {
  const left = o.orthogonal(b);
  const right = o.orthogonal(o.transpose(a, [1, 0]));
  return { left: left.q, core: o.matmul(left.r, right.r, { transposeB: true }), right: right.q };
}

/** ‖b · a‖² / 2, a scalar. */
export function halfSquaredNorm(product: Product): Tensor {
  return o.halfSquaredNorm(coreOf(product).core);
}

/** The matrix of one without that of the other. It is not squared before it is taken: distances down to float64's unit are seen. */
export function differenceOf(one: Product, other: Product): Product {
  return sumOf([one, { b: o.neg(other.b), a: other.a }]);
}

/** All singular values that can be other than 0, descending. */
export function singularValues(product: Product): Tensor {
  return o.singular(coreOf(product).core).values;
}

/**
 * The nearest matrix of this rank (Eckart and Young 1936) as B = U·S and A = Vᵀ, which are PEFT's. Where the product has fewer
 * singular values, it has the rank of those.
 */
export function nearest(
  product: Product,
  rank: number,
): { written: WrittenFactors; values: Tensor } {
  const { left, core, right } = coreOf(product);
  const { values, ...vectors } = o.singular(core);
  const kept = Math.min(rank, sizeAt(values.shape, 0));
  const first = (x: Tensor) => o.slice(x, [0, 0], [sizeAt(x.shape, 0), kept]);
  const u = o.mul(first(vectors.left), o.slice(values, [0], [kept]));
  const b = o.matmul(left, u);
  const a = o.matmul(first(vectors.right), right, { transposeA: true, transposeB: true });
  return { written: { a: o.cast(a, 'float32'), b: o.cast(b, 'float32') }, values };
}
