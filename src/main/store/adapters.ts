/** Saved adapters, and which run made each. */
import { z } from 'zod';
import { origin, type Origin } from '../../shared/contract/origin.ts';
import {
  adapterRecord,
  heldBase,
  learntLabels,
  type AdapterRecord,
} from '../../shared/contract/records.ts';
import { lorikeetError } from '../../shared/errors/lorikeet-error.ts';
import type { Connection } from './connection.ts';
import { insert, json, select } from './rows.ts';

const fields = Object.keys(adapterRecord.shape);
const row = adapterRecord.extend({
  labels: json(learntLabels).nullable(),
  base: json(heldBase).nullable(),
});
const originRow = z.object({ origin: json(origin).nullable() });
const query = `select ${select(fields, 'adapters')} from adapters`;

/** The origin has no place in the record: lists of adapters do without it. */
export type NewAdapter = Omit<AdapterRecord, 'id'> & { origin: Origin | null };

export class AdapterStore {
  readonly #store: Connection;

  constructor(store: Connection) {
    this.#store = store;
  }

  /** Newest first. */
  list(): AdapterRecord[] {
    return z.array(row).parse(this.#store.prepare(`${query} order by id desc`).all());
  }

  byId(id: number): AdapterRecord | null {
    const found = this.#store.prepare(`${query} where id = ?`).get(id);
    return found === undefined ? null : row.parse(found);
  }

  /** Fails with 'studio/not-found'. */
  get(id: number): AdapterRecord {
    const adapter = this.byId(id);
    if (adapter) return adapter;
    throw lorikeetError('studio/not-found', { kind: 'adapter', name: String(id) });
  }

  /**
   * Adds an adapter, a trained one or a blend (which no run made), with where it came from; one that lay in the same folder
   * before was replaced there, and so is its entry.
   */
  add(adapter: NewAdapter): number {
    const added = this.#store.atOnce(() => {
      this.#store.prepare('delete from adapters where path = ?').run(adapter.path);
      const given = [...fields.filter((field) => field !== 'id'), 'origin'];
      const { labels, base, origin } = adapter;
      const texts = Object.entries({ labels, base, origin }).map(
        ([field, value]) => [field, value && JSON.stringify(value)] as const,
      );
      const add = this.#store.prepare(insert('adapters', given));
      return add.run({ ...adapter, ...Object.fromEntries(texts) }).lastInsertRowid;
    });
    return Number(added);
  }

  /** Where it came from; null where that is not known. */
  originOf(id: number): Origin | null {
    const found = this.#store.prepare('select origin from adapters where id = ?').get(id);
    return found === undefined ? null : originRow.parse(found).origin;
  }

  /** Keeps where an adapter came from that was added without it. */
  setOrigin(id: number, found: Origin): void {
    const set = this.#store.prepare('update adapters set origin = ? where id = ?');
    set.run(JSON.stringify(found), id);
  }

  /** Forgets the adapter; its files stay. */
  remove(id: number): void {
    this.#store.prepare('delete from adapters where id = ?').run(id);
  }
}
