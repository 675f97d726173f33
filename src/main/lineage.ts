/** The chain behind an adapter of the store, forth to what was exported of it, and what of all that is gone. */
import { existsSync } from 'node:fs';
import type { Origin } from '../shared/contract/origin.ts';
import type { ExportRecord } from '../shared/contract/records.ts';
import { partsOfOrigin } from '../shared/origin-parts.ts';
import type { EngineClient } from './engine-client.ts';
import type { Store } from './store/database.ts';

export type Lineage = { origin: Origin | null; exports: ExportRecord[]; gone: string[] };

/**
 * From the store, or from beside the adapter's files where the store has nothing, which then keeps it.
 * Fails with 'studio/not-found' for an unknown adapter, and with 'origin/unknown-form'.
 */
export async function lineageOf(store: Store, engine: EngineClient, id: number): Promise<Lineage> {
  const { path } = store.adapters.get(id);
  const exports = store.exports.ofAdapter(path);
  let origin = store.adapters.originOf(id);
  if (origin === null && existsSync(path)) {
    origin = await engine.call('origin.read', { path });
    if (origin !== null) store.adapters.setOrigin(id, origin);
  }
  const named = [...exports.map((each) => each.path), ...(origin === null ? [] : pathsOf(origin))];
  return { origin, exports, gone: [...new Set(named)].filter((each) => !existsSync(each)) };
}

/** Everything on the disk that an origin names, down to its first base. */
export function pathsOf(origin: Origin): string[] {
  const { base } = origin;
  return [
    ...(origin.kind === 'training' ? origin.data.map(({ path }) => path) : []),
    ...[base, ...partsOfOrigin(origin)].flatMap((each) => [
      each.path,
      ...(each.origin ? pathsOf(each.origin) : []),
    ]),
  ];
}
