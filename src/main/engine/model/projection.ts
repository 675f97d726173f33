/** Linear layers with the same input, computed as one product, with the adapters of a bank on them. */
import { keepable } from '../graph/gradients/keep.ts';
import type { Tensor } from '../graph/node.ts';
import * as o from '../graph/ops/index.ts';
import { sizeAt } from '../graph/shape.ts';
import {
  adapterMatrices,
  scalingMatrix,
  slotsOn,
  type AdapterMatrices,
} from './adapter-matrices.ts';
import type { BaseMatrix } from './base-matrix.ts';
import type { FilledSlot, SlotShape } from './layer-slots.ts';
import type { LinearGroup } from './linear-groups.ts';

/** What switches adapters: gates [N, k] weigh the k adapters for every token; dropout is for training. */
export type AdapterSwitches = {
  gates: Tensor;
  dropout: { rate: number; seed: Tensor } | null;
};

/**
 * x·Wᵀ and, with adapters, Σ gate · scaling · (x·Aᵀ)·Bᵀ (Hu et al. 2021, arXiv:2106.09685), as terms still to be added:
 * the element-wise work that follows adds them in the same pass over memory. x [N, in] → each term [N, Σ out].
 */
export function project(
  group: LinearGroup,
  x: Tensor,
  base: BaseMatrix,
  given: readonly FilledSlot[],
  inputs: AdapterSwitches,
): Tensor[] {
  const slots = slotsOn(group, given);
  const adapters = sizeAt(inputs.gates.shape, 1);
  const matrices = adapterMatrices(group, base, slots, adapters);
  return projectPrepared(x, base, slots, matrices, inputs);
}

/** The same with matrices made beforehand from these slots, in the order of `slotsOn`. */
export function projectPrepared(
  x: Tensor,
  base: BaseMatrix,
  slots: readonly SlotShape[],
  matrices: AdapterMatrices<Tensor> | null,
  { gates, dropout }: AdapterSwitches,
): Tensor[] {
  const product = base.product(x);
  if (!matrices) return [product];
  const { a, b, ratiosMinusOne } = matrices;
  const adapterInput = dropout ? dropOut(x, dropout) : x;
  const low = keepable(o.matmul(adapterInput, o.cast(a, x.dtype), { transposeB: true }));
  const scale = o.matmul(gates, scalingMatrix(gates, slots));
  const gated = o.mul(low, o.cast(scale, x.dtype));
  const delta = o.matmul(gated, o.cast(b, x.dtype), { transposeB: true });
  if (!ratiosMinusOne) return [product, delta];
  const scales = o.add(o.matmul(gates, ratiosMinusOne), 1);
  return [o.mul(product, o.cast(scales, x.dtype)), delta];
}

/** Inverted dropout: zero with probability `rate`, else divided by 1 − rate. The same seed drops the same elements. */
function dropOut(x: Tensor, { rate, seed }: { rate: number; seed: Tensor }): Tensor {
  const kept = o.greaterEqual(o.statelessUniform(seed, x.shape), rate);
  const scale = o.mul(o.cast(kept, 'float32'), 1 / (1 - rate));
  return o.mul(x, o.cast(scale, x.dtype));
}
