/** What one adapter changes of a matrix, as a whole matrix in float64. */
import type { Tensor } from '../graph/node.ts';
import * as o from '../graph/ops/index.ts';
import type { Program } from '../graph/program.ts';
import { asProduct, type Product, type WrittenFactors } from './products.ts';

/** What is fed for one adapter. */
export type PartInput = WrittenFactors & {
  /** The length of each row [out] under DoRA. */
  magnitude: Tensor | null;
  /** uint8 [out, in]: what DARE keeps. */
  mask: Tensor | null;
};

export type PartKind = { rank: number; dora: boolean };

export function partInput(
  program: Program,
  size: { in: number; out: number },
  { rank, dora }: PartKind,
  masked: boolean,
): PartInput {
  return {
    a: program.placeholder('a', 'float32', [rank, size.in]),
    b: program.placeholder('b', 'float32', [size.out, rank]),
    magnitude: dora ? program.placeholder('magnitude', 'float32', [size.out]) : null,
    mask: masked ? program.placeholder('mask', 'uint8', [size.out, size.in]) : null,
  };
}

/** scaling · B · A */
export function plainChange(part: PartInput, scaling: Tensor): Product {
  const { b, a } = asProduct(part);
  return { b: o.mul(b, scaling), a };
}

/** With DoRA (Liu et al. 2024, arXiv:2402.09353) it is m / ‖W + ΔW‖ ⊙ (W + ΔW) − W, row by row. */
export function wholeChange(
  product: Product,
  { magnitude }: PartInput,
  base: Tensor | null,
): Tensor {
  const change = o.matmul(product.b, product.a);
  if (!magnitude || !base) return change;
  const before = o.cast(base, 'float64');
  const changed = o.add(before, change);
  const lengths = o.sqrt(o.sum(o.mul(changed, changed), [-1]));
  const ratios = o.reshape(o.div(o.cast(magnitude, 'float64'), lengths), [...lengths.shape, 1]);
  return o.sub(o.mul(changed, ratios), before);
}
