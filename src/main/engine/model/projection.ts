/** Linear layers with the same input, computed as one product, with the adapters of a bank on them. */
import { keepable } from '../graph/gradients/keep.ts';
import type { Tensor } from '../graph/node.ts';
import * as o from '../graph/ops/index.ts';
import { sizeAt } from '../graph/shape.ts';
import {
  adapterMatrices,
  alike,
  scalingMatrix,
  slotsOn,
  totalRank,
  type AdaptedGroup,
} from './adapter-matrices.ts';
import type { BaseMatrix } from './base-matrix.ts';
import type { FilledSlot } from './layer-slots.ts';
import type { LinearGroup } from './linear-groups.ts';
import { learningRunProduct, runProduct } from './run-product.ts';

/** What switches adapters: gates [N, k] weigh the k adapters for every row; dropout is for training. */
export type AdapterSwitches = {
  gates: Tensor;
  /** gate · scaling of the group's ranks [N, R], where it is there already. */
  rankGates: Tensor | null;
  dropout: { rate: number; seed: Tensor } | null;
};

/** Groups of one form for rows that are sorted: the first lengths[0] rows go through the first group, and so on. */
export type Runs = { groups: readonly AdaptedGroup[]; lengths: Tensor };

/** The group with those of the slots that are on it. */
export function adapted(
  group: LinearGroup,
  base: BaseMatrix,
  given: readonly FilledSlot[],
  gates: Tensor,
): AdaptedGroup {
  const slots = slotsOn(group, given);
  return { base, slots, matrices: adapterMatrices(group, base, slots, sizeAt(gates.shape, 1)) };
}

/**
 * x·Wᵀ and, with adapters, Σ gate · scaling · (x·Aᵀ)·Bᵀ (Hu et al. 2021, arXiv:2106.09685), as terms still to be added:
 * the element-wise work that follows adds them in the same pass over memory. x [N, in] → each term [N, Σ out].
 */
export function project(
  x: Tensor,
  to: AdaptedGroup | Runs,
  { gates, rankGates, dropout }: AdapterSwitches,
): Tensor[] {
  const { groups, product, learning } = products(to);
  const base = product(x);
  const adapters = sizeAt(gates.shape, 1);
  const rank = Math.max(...groups.map(({ slots }) => totalRank(slots)));
  if (rank === 0) return [base];
  const matrices = alike(groups, rank, adapters);
  const cast = (weights: readonly Tensor[]) => weights.map((weight) => o.cast(weight, x.dtype));
  const adapterInput = dropout ? dropOut(x, dropout) : x;
  const low = learning(adapterInput, cast(matrices.map(({ a }) => a)));
  const scalings = () =>
    groups.map(({ slots }) => scalingMatrix(gates.node.scope, slots, rank, adapters));
  const scale = rankGates ?? learning(gates, scalings());
  // The backward pass reads the product and never what it is made of: gates have no gradient.
  const gated = keepable(o.mul(low, o.cast(scale, x.dtype)));
  const delta = learning(gated, cast(matrices.map(({ b }) => b)));
  const ratios = matrices.flatMap(({ ratiosMinusOne }) => ratiosMinusOne ?? []);
  if (ratios.length === 0) return [base, delta];
  const scales = o.add(learning(gates, ratios), 1);
  return [o.mul(base, o.cast(scales, x.dtype)), delta];
}

/** How rows meet the base's matrices, and others [out, in] that may learn: all rows one, or each run its own. */
function products(to: AdaptedGroup | Runs): {
  groups: readonly AdaptedGroup[];
  product: (x: Tensor) => Tensor;
  learning: (x: Tensor, weights: readonly Tensor[]) => Tensor;
} {
  if (!('lengths' in to)) {
    return {
      groups: [to],
      product: (x) => to.base.product(x),
      learning: (x, [weight = x]) => o.matmul(x, weight, { transposeB: true }),
    };
  }
  const { groups, lengths } = to;
  const bases = groups.map(({ base }) => base);
  return {
    groups,
    product: (x) => runProduct(x, lengths, bases),
    learning: (x, weights) => learningRunProduct(x, lengths, weights),
  };
}

/** Inverted dropout: zero with probability `rate`, else divided by 1 − rate. The same seed drops the same elements. */
function dropOut(x: Tensor, { rate, seed }: { rate: number; seed: Tensor }): Tensor {
  const kept = o.greaterEqual(o.statelessUniform(seed, x.shape), rate);
  const scale = o.mul(o.cast(kept, 'float32'), 1 / (1 - rate));
  return o.mul(x, o.cast(scale, x.dtype));
}
