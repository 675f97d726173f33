/** Runs: their configuration, state and figures. Points are in metrics.ts. */
import type { Database } from 'better-sqlite3';
import { z } from 'zod';
import {
  bestValidation,
  heldBase,
  learntLabels,
  runChange,
  runCheckpoint,
  runRecord,
  type RunRecord,
} from '../../shared/contract/records.ts';
import { trainingConfig, type TrainingConfig } from '../../shared/contract/training-config.ts';
import { lorikeetError } from '../../shared/errors/lorikeet-error.ts';
import { problem } from '../../shared/errors/problem.ts';
import { isAlive, thisProcess } from './owner.ts';
import { column, insert, json, select } from './rows.ts';

const fields = Object.keys(runRecord.shape).filter((field) => field !== 'adapterId');
const row = runRecord.extend({
  config: json(trainingConfig),
  labels: json(learntLabels).nullable(),
  base: json(heldBase).nullable(),
  problem: json(problem).nullable(),
  checkpoint: json(runCheckpoint).nullable(),
  best: json(bestValidation).nullable(),
  early: z.int().transform(Boolean),
  changes: json(z.array(runChange)),
});
/** Fields that are stored as JSON text. */
const asText: readonly string[] = [
  ...['config', 'labels', 'base', 'problem'],
  ...['checkpoint', 'best', 'changes'],
];
const query = `select ${select(fields, 'runs')},
  (select max(adapters.id) from adapters where adapters.run_id = runs.id) as "adapterId" from runs`;
const ownedRow = z.object({ id: z.int(), pid: z.int(), started: z.string() });

/** What changes in the life of a run; step and loss follow from the points. */
export type RunUpdate = Partial<
  Pick<
    RunRecord,
    | 'name'
    | 'state'
    | 'config'
    | 'startedAt'
    | 'finishedAt'
    | 'totalSteps'
    | 'trainableParameters'
    | 'totalParameters'
    | 'labels'
    | 'base'
    | 'peakMemoryBytes'
    | 'output'
    | 'problem'
    | 'checkpoint'
    | 'best'
    | 'last'
    | 'early'
    | 'changes'
    | 'groupId'
    | 'queueOrder'
    | 'notBefore'
    | 'heldBy'
  >
>;

export class RunStore {
  readonly #database: Database;
  readonly #owner = thisProcess();

  constructor(database: Database) {
    this.#database = database;
  }

  /** Oldest first. */
  list(): RunRecord[] {
    return z.array(row).parse(this.#database.prepare(`${query} order by id`).all());
  }

  byId(id: number): RunRecord | null {
    const found = this.#database.prepare(`${query} where id = ?`).get(id);
    return found === undefined ? null : row.parse(found);
  }

  /** The run, or 'studio/not-found'. */
  get(id: number): RunRecord {
    const run = this.byId(id);
    if (run === null) throw lorikeetError('studio/not-found', { kind: 'run', name: String(id) });
    return run;
  }

  /** A new run of this process, queued. `outputFor` names its folder once its number is known. */
  create(config: TrainingConfig, outputFor: (id: number) => string): RunRecord {
    const create = this.#database.transaction(() => {
      const given = ['name', 'state', 'config', 'createdAt', 'output', 'ownerPid', 'ownerStarted'];
      const { lastInsertRowid } = this.#database.prepare(insert('runs', given)).run({
        name: config.name,
        state: 'queued',
        config: JSON.stringify(config),
        createdAt: Date.now(),
        output: '',
        ownerPid: this.#owner.pid,
        ownerStarted: this.#owner.started,
      });
      const id = Number(lastInsertRowid);
      this.update(id, { output: outputFor(id) });
      return this.get(id);
    });
    return create.immediate();
  }

  /** Changes the named fields of a run and leaves the others. */
  update(id: number, change: RunUpdate): void {
    const names = Object.keys(change);
    if (names.length === 0) return;
    const set = names.map((name) => `${column(name)} = @${name}`).join(', ');
    const stored = Object.entries(change).map(([name, value]) => [name, storedAs(name, value)]);
    this.#database
      .prepare(`update runs set ${set} where id = @id`)
      .run({ ...Object.fromEntries(stored), id });
  }

  /** Forgets the run and its points; its adapter stays. */
  remove(id: number): void {
    this.#database.prepare('delete from runs where id = ?').run(id);
  }

  /**
   * Looks after runs whose process is gone: those in progress are interrupted, and those that were
   * still queued belong to this process from now on if it `adopts` them. Both oldest first.
   */
  recover(adopts: boolean): { interrupted: number[]; adopted: number[] } {
    const recover = this.#database.transaction(() => {
      const interrupted = this.#orphans("'preparing', 'running'");
      for (const { id, pid } of interrupted)
        this.update(id, {
          state: 'interrupted',
          finishedAt: Date.now(),
          problem: lorikeetError('studio/interrupted', { pid }).problem,
        });
      const adopted = adopts ? this.#orphans("'queued'") : [];
      for (const { id } of adopted)
        this.#database
          .prepare('update runs set owner_pid = @pid, owner_started = @started where id = @id')
          .run({ ...this.#owner, id });
      const ids = (rows: { id: number }[]) => rows.map(({ id }) => id);
      return { interrupted: ids(interrupted), adopted: ids(adopted) };
    });
    return recover.immediate();
  }

  /** The runs in these states whose process is gone. */
  #orphans(states: string): z.output<typeof ownedRow>[] {
    const found = this.#database
      .prepare(
        `select id, owner_pid as pid, owner_started as started from runs
         where state in (${states}) order by id`,
      )
      .all();
    return z
      .array(ownedRow)
      .parse(found)
      .filter((owner) => !isAlive(owner));
  }
}

/** SQLite has neither booleans nor objects. */
function storedAs(name: string, value: unknown): unknown {
  if (value !== null && asText.includes(name)) return JSON.stringify(value);
  return typeof value === 'boolean' ? Number(value) : value;
}
