/** What was exported, and of which adapters: each export by its place, with its whole origin. */
import { z } from 'zod';
import { exportOrigin, type ExportOrigin } from '../../shared/contract/origin.ts';
import { exportRecord, type ExportRecord } from '../../shared/contract/records.ts';
import type { Connection } from './connection.ts';
import { json, select } from './rows.ts';

const fields = Object.keys(exportRecord.shape);
const row = exportRecord.extend({ origin: json(exportOrigin) });

export class ExportStore {
  readonly #store: Connection;

  constructor(store: Connection) {
    this.#store = store;
  }

  /** Adds an export; one that lay in the same place before was replaced there, and so is its entry. */
  add(path: string, origin: ExportOrigin): void {
    this.#store
      .prepare('insert or replace into exports (path, origin) values (?, ?)')
      .run(path, JSON.stringify(origin));
  }

  /** Where they were written to. */
  paths(): string[] {
    const found = this.#store.prepare('select path from exports').all();
    return z
      .array(row.pick({ path: true }))
      .parse(found)
      .map(({ path }) => path);
  }

  /** Of which the adapter at this path was a part, newest first. */
  ofAdapter(path: string): ExportRecord[] {
    const found = this.#store
      .prepare(
        `select ${select(fields, 'exports')} from exports where exists (
           select 1 from json_each(exports.origin, '$.parts') as part
           where json_extract(part.value, '$.path') = ?
         ) order by id desc`,
      )
      .all(path);
    return z.array(row).parse(found);
  }
}
