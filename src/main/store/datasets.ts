/** Data files that were used or are offered. */
import { z } from 'zod';
import { datasetRecord, type DatasetRecord } from '../../shared/contract/data-report.ts';
import type { Connection } from './connection.ts';
import { insert, select } from './rows.ts';

const fields = Object.keys(datasetRecord.shape);
const query = `select ${select(fields, 'datasets')} from datasets`;

export class DatasetStore {
  readonly #store: Connection;

  constructor(store: Connection) {
    this.#store = store;
  }

  /** In the order of their coming. */
  list(): DatasetRecord[] {
    return z.array(datasetRecord).parse(this.#store.prepare(`${query} order by id`).all());
  }

  byId(id: number): DatasetRecord | null {
    const found = this.#store.prepare(`${query} where id = ?`).get(id);
    return found === undefined ? null : datasetRecord.parse(found);
  }

  /** Forgets the data file, which stays where it is. */
  remove(id: number): void {
    this.#store.prepare('delete from datasets where id = ?').run(id);
  }

  /** Adds a data file, or renews the number of examples of the one at this path. */
  put(dataset: Omit<DatasetRecord, 'id'>): void {
    const add = insert('datasets', ['name', 'path', 'examples', 'addedAt']);
    this.#store
      .prepare(`${add} on conflict (path) do update set examples = excluded.examples`)
      .run(dataset);
  }
}
