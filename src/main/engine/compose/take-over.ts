/** A saved adapter's values brought onto the slots of one that is to be trained, which then begins with them. */
import type { Adapter, AdapterModule } from '../checkpoint/adapter.ts';
import type { AdapterSlots, Slot } from '../lora/layout.ts';
import type { MatrixOf } from '../lora/loftq.ts';
import { ChangeDistance } from './change-distance.ts';
import { Composer } from './composer.ts';
import { relativeError, type Distance } from './figures.ts';
import { distanceBetween, fitModule, fitsAsItIs, type Fitting } from './fit-module.ts';

export type TakenOver = {
  /** Paths of the slots that the saved adapter has nothing for: they keep their start. */
  anew: readonly string[];
  /** ‖ΔW′ − ΔW‖ / ‖ΔW‖ over all modules, and of the worst one; null where every number is as it was saved. */
  error: { all: number; worst: { path: string; error: number } } | null;
};

/**
 * Sets A, B and DoRA's magnitudes of every slot that the adapter has a module for. Ranks that it lacks keep their start, whose B has
 * to be 0 there.
 * @param parameters [P] with another start, changed here
 * @param weightOf the base matrix [out, in] of a module path; asked for only with DoRA
 * Errors: engine/failed.
 */
export function takeOver(
  parameters: Float32Array,
  { slots }: Pick<AdapterSlots, 'slots'>,
  { modules }: Pick<Adapter, 'modules'>,
  weightOf: MatrixOf,
): TakenOver {
  const fitting = { composer: new Composer(weightOf), distance: new ChangeDistance(), weightOf };
  const anew: string[] = [];
  const asSaved: { slot: Slot; module: AdapterModule }[] = [];
  const distances = new Map<string, Distance>();
  try {
    for (const slot of slots) {
      const saved = modules.get(slot.path);
      if (!saved) anew.push(slot.path);
      else if (fitsAsItIs(saved, slot)) {
        place(parameters, slot, saved);
        asSaved.push({ slot, module: saved });
      } else {
        const { module, distance } = fitModule(saved, slot, fitting);
        place(parameters, slot, module);
        distances.set(slot.path, distance);
      }
    }
    return { anew, error: errorOf(distances, asSaved, fitting) };
  } finally {
    fitting.composer.dispose();
    fitting.distance.dispose();
  }
}

/** A, B and the magnitudes into their places, in the first of the slot's ranks; the other columns of B stay 0. */
function place(parameters: Float32Array, slot: Slot, { rank, a, b, magnitude }: AdapterModule) {
  parameters.set(a, slot.a);
  for (let row = 0; row < slot.module.out; row++) {
    parameters.set(b.subarray(row * rank, (row + 1) * rank), slot.b + row * slot.rank);
  }
  if (slot.m !== null && magnitude) parameters.set(magnitude, slot.m);
}

function errorOf(
  distances: ReadonlyMap<string, Distance>,
  asSaved: readonly { slot: Slot; module: AdapterModule }[],
  fitting: Fitting,
): TakenOver['error'] {
  const errors = [...distances].map(([path, each]) => ({ path, error: relativeError([each]) }));
  const [worst] = errors.sort((one, other) => other.error - one.error);
  if (!worst) return null;
  const others = asSaved.map(({ slot, module }) => ({
    ...distanceBetween(module, module, slot, fitting),
    squaredError: 0,
  }));
  return { all: relativeError([...distances.values(), ...others]), worst };
}
