/** The models of the library. */
import { z } from 'zod';
import { modelDescription, modelRecord, type ModelRecord } from '../../shared/contract/records.ts';
import type { Connection } from './connection.ts';
import { insert, json, select } from './rows.ts';

const fields = Object.keys(modelRecord.shape);
const row = modelRecord.extend({ description: json(modelDescription) });
const query = `select ${select(fields, 'models')} from models`;

export class ModelStore {
  readonly #store: Connection;

  constructor(store: Connection) {
    this.#store = store;
  }

  /** In the order of their names. */
  list(): ModelRecord[] {
    return z.array(row).parse(this.#store.prepare(`${query} order by name`).all());
  }

  byId(id: number): ModelRecord | null {
    return this.#one('id', id);
  }

  byName(name: string): ModelRecord | null {
    return this.#one('name', name);
  }

  byPath(path: string): ModelRecord | null {
    return this.#one('path', path);
  }

  /** Adds a model, or renews what is known of the one at this path. A name that is taken gets a number: 'x 2'. */
  put(model: Omit<ModelRecord, 'id'>): ModelRecord {
    const stored = { ...model, description: JSON.stringify(model.description) };
    return this.#store.atOnce(() => {
      const known = this.byPath(model.path);
      if (known === null) {
        const add = insert('models', ['name', 'path', 'description', 'addedAt']);
        this.#store.prepare(add).run({ ...stored, name: this.#freeName(model.name) });
      } else
        this.#store
          .prepare('update models set description = ? where id = ?')
          .run(stored.description, known.id);
      const now = this.byPath(model.path);
      if (now === null) throw new Error(`The model ${model.path} was not stored.`);
      return now;
    });
  }

  /** Points the entry at a file that has moved. */
  move(id: number, path: string): void {
    this.#store.prepare('update models set path = ? where id = ?').run(path, id);
  }

  /** Forgets the model; its file stays. */
  remove(id: number): void {
    this.#store.prepare('delete from models where id = ?').run(id);
  }

  #one(field: 'id' | 'name' | 'path', value: string | number): ModelRecord | null {
    const found = this.#store.prepare(`${query} where ${field} = ?`).get(value);
    return found === undefined ? null : row.parse(found);
  }

  #freeName(wanted: string): string {
    let name = wanted;
    for (let n = 2; this.byName(name) !== null; n += 1) name = `${wanted} ${n}`;
    return name;
  }
}
