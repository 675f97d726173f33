/** What has changed in the store, newest last: triggers note it, whichever process writes. */
import { z } from 'zod';
import type { Connection } from './connection.ts';

const row = z.discriminatedUnion('subject', [
  z.object({ subject: z.literal('run'), number: z.int(), id: z.int(), gone: z.int() }),
  z.object({ subject: z.literal('library'), number: z.int() }),
]);

export type Changes = {
  /** Where the next question goes on. */
  upTo: number;
  /** Runs that are there, and runs that are not any more. */
  changed: number[];
  removed: number[];
  /** Models, data files or adapters. */
  library: boolean;
};

export class ChangeStore {
  readonly #store: Connection;

  constructor(store: Connection) {
    this.#store = store;
  }

  /** The number of the last change so far. */
  last(): number {
    return z
      .int()
      .parse(this.#store.prepare('select coalesce(max(number), 0) from changes').pluck().get());
  }

  /** What has changed after this number, each thing once. */
  since(number: number): Changes {
    const found = z
      .array(row)
      .parse(
        this.#store
          .prepare('select number, subject, id, gone from changes where number > ? order by number')
          .all(number),
      );
    const runs = found.flatMap((change) => (change.subject === 'run' ? change : []));
    return {
      upTo: found.at(-1)?.number ?? number,
      changed: runs.filter(({ gone }) => gone === 0).map(({ id }) => id),
      removed: runs.filter(({ gone }) => gone !== 0).map(({ id }) => id),
      library: found.some(({ subject }) => subject === 'library'),
    };
  }
}
