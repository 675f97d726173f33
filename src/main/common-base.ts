/** The base model that adapters of the store have in common. */
import type { AdapterRecord } from '../shared/contract/records.ts';
import { lorikeetError } from '../shared/errors/lorikeet-error.ts';

/** The path of the one model that all were trained on. Fails with 'adapter/other-base'. */
export function commonBase(adapters: readonly AdapterRecord[]): string {
  const [first] = adapters;
  if (!first) throw new RangeError('no adapter, and so no base');
  const other = adapters.find(({ model }) => model !== first.model);
  if (!other) return first.model;
  const { path, model } = other;
  throw lorikeetError('adapter/other-base', { path, model, first: first.model });
}
