/** Places of a bank that stays while adapters come and go: one takes every adapter whose modules and ranks it has room for. */
import type { Adapter, AdapterModule } from '../checkpoint/adapter.ts';
import { linearAt, type Architecture } from '../model/architecture.ts';
import type { AdapterSlots, Target } from './layout.ts';

/** By module path. DoRA's magnitudes have no value that changes nothing, so that a place with them is for such adapters alone. */
export type PlaceForm = ReadonlyMap<string, { rank: number; dora: boolean }>;

export function formOf({ modules }: Pick<Adapter, 'modules'>): PlaceForm {
  return new Map(
    [...modules].map(([path, { rank, magnitude }]) => [path, { rank, dora: magnitude !== null }]),
  );
}

export function isPlain(form: PlaceForm): boolean {
  return [...form.values()].every(({ dora }) => !dora);
}

/** With room for each of these plain forms, and of no lower rank than `least`. */
export function jointForm(forms: readonly PlaceForm[], least: number): PlaceForm {
  const joint = new Map<string, { rank: number; dora: boolean }>();
  for (const [path, { rank }] of forms.flatMap((form) => [...form]))
    joint.set(path, { rank: Math.max(least, rank, joint.get(path)?.rank ?? 0), dora: false });
  return joint;
}

/** Whether an adapter of form `one` has room in `place`. */
export function fitsInto(one: PlaceForm, place: PlaceForm): boolean {
  const hasRoom = [...one].every(([path, { rank, dora }]) => {
    const own = place.get(path);
    return own !== undefined && rank <= own.rank && dora === own.dora;
  });
  return hasRoom && [...place].every(([path, { dora }]) => !dora || one.has(path));
}

/** What the bank is laid out for. The scaling is 1: that of the adapter goes into its B. */
export function targetsOf(form: PlaceForm, architecture: Architecture): Target[] {
  return [...form].flatMap(([path, { rank, dora }]): Target[] => {
    const at = linearAt(architecture, path);
    return at ? [{ ...at, path, rank, alpha: rank, scaling: 1, dora, frozenRank: 0 }] : [];
  });
}

/**
 * Writes an adapter into its place; null leaves the place empty. Ranks and modules that the adapter lacks are zeros, which add
 * nothing.
 * @param parameters [P] of the whole bank
 */
export function fillPlace(
  parameters: Float32Array,
  { slots, begin, end }: AdapterSlots,
  adapter: Pick<Adapter, 'modules'> | null,
): void {
  parameters.fill(0, begin, end);
  for (const { path, rank, module, a, b, m } of slots) {
    const own = adapter?.modules.get(path);
    if (!own) continue;
    parameters.set(own.a, a);
    if (own.magnitude && m !== null) parameters.set(own.magnitude, m);
    writeB(parameters.subarray(b, b + module.out * rank), rank, own);
  }
}

/** B [out, r] times the scaling, into [out, rank]. */
function writeB(target: Float32Array, rank: number, own: AdapterModule): void {
  for (let row = 0; row < own.out; row += 1)
    for (let column = 0; column < own.rank; column += 1)
      target[row * rank + column] = own.scaling * (own.b[row * own.rank + column] ?? 0);
}
