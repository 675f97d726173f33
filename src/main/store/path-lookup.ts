/** Whether the store names a path anywhere. Over a connection of its own, which cannot write and keeps its one statement. */
import BetterSqlite3, { type Database, type Statement } from 'better-sqlite3';

/** Every column and expression of runs has an index: their configurations are long, and there may be thousands. */
const anywhere = `select 1 where exists (select 1 from models where path = @path)
  or exists (select 1 from datasets where path = @path)
  or exists (select 1 from adapters where path = @path or model = @path)
  or exists (select 1 from exports where path = @path)
  or exists (select 1 from run_texts where data = @path)
  or exists (select 1 from run_texts where validation = @path)
  or exists (select 1 from run_texts where model = @path)
  or exists (select 1 from runs where output = @path)
  or exists (select 1 from runs where json_extract(config, '$.fromAdapter') = @path)
  or exists (select 1 from runs where json_extract(config, '$.generalText.path') = @path)`;

export class PathLookup {
  readonly #database: Database;
  readonly #statement: Statement;

  /** On the store at `path`, which has been opened and brought up to date before. */
  constructor(path: string) {
    this.#database = new BetterSqlite3(path, { readonly: true, fileMustExist: true });
    this.#statement = this.#database.prepare(anywhere);
  }

  /** As a model, a data file, an adapter, an export, or in a run. */
  has(path: string): boolean {
    return this.#statement.get({ path }) !== undefined;
  }

  /** Before the store is: the connection that writes is the one that tidies up. */
  close(): void {
    this.#database.close();
  }
}
