/** A connection to the store that compiles each statement once, and says of each write how long it has to last. */
import type { Database, Statement } from 'better-sqlite3';

/** Write-ahead logging, as these are: a commit survives the end of the process, and with `full` also that of the machine. */
export type Flush = 'full' | 'normal';

/** Text as it is searched: without cases, and composed. */
export function folded(text: string): string {
  return text.normalize('NFC').toLowerCase();
}

export class Connection {
  readonly #database: Database;
  readonly #statements = new Map<string, Statement>();

  /** From now on a write that is not told otherwise is on the disk when it returns. */
  constructor(database: Database) {
    this.#database = database;
    this.#flush('full');
    // SQLite itself knows the cases of ASCII only.
    database.function('folded', { deterministic: true }, (text) => folded(String(text)));
  }

  /** The statement, compiled at its first use: a new one each time costs memory that is given back late. */
  prepare(sql: string): Statement {
    const known = this.#statements.get(sql);
    if (known !== undefined) return known;
    const made = this.#database.prepare(sql);
    this.#statements.set(sql, made);
    return made;
  }

  /** Does all of `work` or nothing, as the only writer meanwhile. */
  atOnce<T>(work: () => T): T {
    return this.#database.transaction(work).immediate();
  }

  /**
   * The same without a flush of the disk: what is written survives the end of this process however it comes, and may be lost
   * with the power. The next write that lasts takes it along.
   */
  unflushed<T>(work: () => T): T {
    // Inside a transaction the level is that of the whole.
    if (this.#database.inTransaction) return work();
    this.#flush('normal');
    try {
      return this.atOnce(work);
    } finally {
      this.#flush('full');
    }
  }

  /** A number that changes when another connection has written. */
  foreignWrites(): number {
    return Number(this.prepare('pragma data_version').pluck().get());
  }

  close(): void {
    this.#database.close();
  }

  #flush(flush: Flush): void {
    // Not database.pragma(), which makes a statement of each.
    this.#database.exec(`pragma synchronous = ${flush}`);
  }
}
