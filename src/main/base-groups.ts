/** Adapters of the store by the base that they can be asked over together: one model, with the values that they learnt on. */
import type { AdapterRecord, HeldBase } from '../shared/contract/records.ts';
import { sameValues } from '../shared/held-base.ts';

export type BaseGroup = {
  /** A path. */
  model: string;
  held: HeldBase | null;
  adapters: AdapterRecord[];
};

/** In the order in which their first adapters come. */
export function groupsByBase(adapters: readonly AdapterRecord[]): BaseGroup[] {
  const groups: BaseGroup[] = [];
  for (const adapter of adapters) {
    const { model, base: held } = adapter;
    const mine = groups.find((group) => group.model === model && areAlike(group.held, held));
    if (mine) mine.adapters.push(adapter);
    else groups.push({ model, held, adapters: [adapter] });
  }
  return groups;
}

function areAlike(one: HeldBase | null, other: HeldBase | null): boolean {
  return one === null || other === null ? one === other : sameValues(one, other);
}
