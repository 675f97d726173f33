/** Saved adapters, and which run made each. */
import type { Database } from 'better-sqlite3';
import { z } from 'zod';
import { adapterRecord, learntLabels, type AdapterRecord } from '../../shared/contract/records.ts';
import { lorikeetError } from '../../shared/errors/lorikeet-error.ts';
import { insert, json, select } from './rows.ts';

const fields = Object.keys(adapterRecord.shape);
const row = adapterRecord.extend({ labels: json(learntLabels).nullable() });
const query = `select ${select(fields, 'adapters')} from adapters`;

export class AdapterStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Newest first. */
  list(): AdapterRecord[] {
    return z.array(row).parse(this.#database.prepare(`${query} order by id desc`).all());
  }

  byId(id: number): AdapterRecord | null {
    const found = this.#database.prepare(`${query} where id = ?`).get(id);
    return found === undefined ? null : row.parse(found);
  }

  /** Fails with 'studio/not-found'. */
  get(id: number): AdapterRecord {
    const adapter = this.byId(id);
    if (adapter) return adapter;
    throw lorikeetError('studio/not-found', { kind: 'adapter', name: String(id) });
  }

  /** Adds an adapter; one that lay in the same folder before was replaced there, and so is its entry. */
  add(adapter: Omit<AdapterRecord, 'id'>): number {
    const add = this.#database.transaction(() => {
      this.#database.prepare('delete from adapters where path = ?').run(adapter.path);
      const given = fields.filter((field) => field !== 'id');
      const labels = adapter.labels && JSON.stringify(adapter.labels);
      const add = this.#database.prepare(insert('adapters', given));
      return add.run({ ...adapter, labels }).lastInsertRowid;
    });
    return Number(add.immediate());
  }

  /** Forgets the adapter; its files stay. */
  remove(id: number): void {
    this.#database.prepare('delete from adapters where id = ?').run(id);
  }
}
