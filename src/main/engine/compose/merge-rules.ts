/** What becomes of several changes of one matrix: the rules of PEFT's merge_utils.py, on whole matrices in float64. */
import { present, type Tensor } from '../graph/node.ts';
import * as o from '../graph/ops/index.ts';
import { elements } from '../graph/shape.ts';

/** One adapter's change x [out, in], which counts `weight` (a scalar or [1]). */
export type Change = { x: Tensor; weight: Tensor };

/** Σ wᵢ·xᵢ */
export function weightedSum(changes: readonly Change[]): Tensor {
  return total(changes.map(({ x, weight }) => o.mul(x, weight)));
}

/** x without all but its `kept` numbers that are largest by magnitude; as many as are equal to the last of those stay, too. */
export function largest(x: Tensor, kept: number): Tensor {
  const count = elements(x.shape);
  if (kept >= count) return x;
  if (kept === 0) return o.zerosLike(x);
  const sizes = o.maximum(x, o.neg(x));
  const least = o.kthGreatest(o.reshape(sizes, [count]), kept);
  return o.where(o.greaterEqual(sizes, least), x, o.zerosLike(x));
}

/**
 * TIES (Yadav et al. 2023, arXiv:2306.01708): where changes have several signs, that of Σ xᵢ prevails (+ where it is 0), without
 * the weights. Of the others nothing is taken; of those that have it the weighted sum, over how many they are.
 */
export function disjointMerge(changes: readonly Change[]): Tensor {
  const positive = o.greaterEqual(total(changes.map(({ x }) => x)), 0);
  const agreeing = changes.map(({ x, weight }) => {
    const agrees = o.where(positive, o.less(o.neg(x), 0), o.less(x, 0));
    const one = o.cast(agrees, x.dtype);
    return { one, change: { x: o.mul(x, one), weight } };
  });
  const count = total(agreeing.map(({ one }) => one));
  return o.div(weightedSum(agreeing.map(({ change }) => change)), o.maximum(count, 1));
}

export function total(tensors: readonly Tensor[]): Tensor {
  return tensors.slice(1).reduce((sum, x) => o.add(sum, x), present(tensors[0]));
}
