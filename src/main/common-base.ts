/** The base model that adapters of the store have in common. */
import type { AdapterRecord, HeldBase } from '../shared/contract/records.ts';
import { lorikeetError } from '../shared/errors/lorikeet-error.ts';
import { sameValues } from '../shared/held-base.ts';

/** The path of the one model that all were trained on. Fails with 'adapter/other-base'. */
export function commonBase(adapters: readonly AdapterRecord[]): string {
  const [first] = adapters;
  if (!first) throw new RangeError('no adapter, and so no base');
  const other = adapters.find(({ model }) => model !== first.model);
  if (!other) return first.model;
  const { path, model } = other;
  throw lorikeetError('adapter/other-base', { path, model, first: first.model });
}

/** How it was held while all of them learnt; null where they learnt on different values of it, or nothing is known. */
export function commonHeldBase(adapters: readonly AdapterRecord[]): HeldBase | null {
  const [first, ...others] = adapters.map(({ base }) => base);
  if (!first) return null;
  return others.every((other) => other && sameValues(other, first)) ? first : null;
}
