/** The store of a victim, opened for a look. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { openStore, type Store } from '../../src/main/store/database.ts';
import type { Victim } from './victim.ts';

/** The number that the next run will have. */
export function nextId(victim: Victim): number {
  const path = storeOf(victim);
  if (!existsSync(path)) return 1;
  return 1 + withStore(path, ({ runs }) => runs.list().at(-1)?.id ?? 0);
}

export const storeOf = ({ home }: Pick<Victim, 'home'>): string => join(home, 'lorikeet.db');

export function withStore<T>(path: string, look: (store: Store) => T): T {
  const store = openStore(path);
  try {
    return look(store);
  } finally {
    store.close();
  }
}
