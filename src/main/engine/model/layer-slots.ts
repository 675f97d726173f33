/** What adapters have in one layer, as the layer sees it: slots, and the numbers of one adapter's slots as one vector. */
import { present, type Tensor } from '../graph/node.ts';
import * as o from '../graph/ops/index.ts';
import type { Shape } from '../graph/shape.ts';
import type { LinearLayer } from './architecture.ts';

/** One adapter on one linear layer, before its weights are known. */
export type SlotShape = {
  /** Which adapter of the bank; its column of the gates. */
  adapter: number;
  module: LinearLayer;
  rank: number;
  scaling: number;
  dora: boolean;
};

/** A [rank, in] and B [out, rank] of a slot; DoRA's magnitude [out]. */
export type SlotWeights<T> = { a: T; b: T; magnitude: T | null };

export type FilledSlot = SlotShape & SlotWeights<Tensor>;

/** One adapter's slots in one layer, and their numbers as `fillSlots` takes them. */
export type LayerSlots = { slots: readonly SlotShape[]; vector: Tensor };

/**
 * The slots with their weights.
 * @param vector [Σ rank · (in + out), and out for each magnitude]: A, B and magnitude of one slot after another, row-major
 */
export function fillSlots<S extends Pick<SlotShape, 'module' | 'rank' | 'dora'>>(
  vector: Tensor,
  slots: readonly S[],
): (S & SlotWeights<Tensor>)[] {
  const sizes = slots.flatMap(({ module, rank, dora }) => [
    rank * module.in,
    module.out * rank,
    ...(dora ? [module.out] : []),
  ]);
  const pieces = o.split(vector, sizes, 0).values();
  const next = (shape: Shape) => o.reshape(present(pieces.next().value), shape);
  return slots.map((slot) => {
    const { module, rank, dora } = slot;
    const a = next([rank, module.in]);
    const b = next([module.out, rank]);
    return { ...slot, a, b, magnitude: dora ? next([module.out]) : null };
  });
}
