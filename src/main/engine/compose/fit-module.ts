/** A saved adapter's module brought to the rank, the scaling and the kind of the slot that is to begin with it. */
import type { AdapterModule } from '../checkpoint/adapter.ts';
import { changedRowLengths } from '../lora/changed-row-lengths.ts';
import type { Slot } from '../lora/layout.ts';
import type { MatrixOf } from '../lora/loftq.ts';
import type { ChangeDistance } from './change-distance.ts';
import type { Composer } from './composer.ts';
import type { Distance } from './figures.ts';
import { scaledFactors, stack } from './stack.ts';

/** What computes it, one program for all modules of one size. */
export type Fitting = { composer: Composer; distance: ChangeDistance; weightOf: MatrixOf };

export type Fitted = {
  /** With the slot's scaling, and no more ranks than it has. */
  module: AdapterModule;
  distance: Distance;
};

/** Whether the slot can have the saved numbers as they are. */
export function fitsAsItIs(module: AdapterModule, slot: Slot): boolean {
  return (
    module.rank === slot.rank &&
    module.scaling === slot.scaling &&
    (module.magnitude !== null) === slot.dora
  );
}

/**
 * ΔW / scaling as B·A: with enough ranks A stays and B takes the scaling, which rounds each of its numbers once; with fewer it is
 * the nearest of that rank (Eckart and Young 1936). DoRA's magnitudes stay where both have them, and are the lengths of the changed
 * rows where the saved adapter has none; where the slot has none, the whole change of DoRA is brought to its rank.
 * Errors: engine/failed.
 */
export function fitModule(saved: AdapterModule, slot: Slot, fitting: Fitting): Fitted {
  const directions = slot.dora ? { ...saved, magnitude: null } : saved;
  const parts = [{ module: directions, weight: 1 / slot.scaling, part: 0 }];
  const enough = directions.magnitude === null && saved.rank <= slot.rank;
  const { composer, weightOf } = fitting;
  const found = enough
    ? scaledFactors(stack(parts))
    : composer.reduce(slot.path, parts, { kind: 'svd', rank: slot.rank }).factors;
  const plain = { ...found, alpha: slot.alpha, scaling: slot.scaling };
  const lengths = () => {
    const size = { ...slot, rank: plain.rank };
    return Float32Array.from(changedRowLengths(weightOf(slot.path), plain, size));
  };
  const magnitude = slot.dora ? (saved.magnitude ?? lengths()) : null;
  const module = { ...plain, magnitude };
  return { module, distance: distanceBetween(saved, module, slot, fitting) };
}

/** ‖ΔW‖² of what is saved, and how far what is begun with is from it. Errors: engine/failed. */
export function distanceBetween(
  saved: AdapterModule,
  begun: AdapterModule,
  { path }: Pick<Slot, 'path'>,
  { distance, weightOf }: Fitting,
): Distance {
  return distance.between([saved, begun], () => weightOf(path));
}
