/** Runs: their configuration, state and figures. Points are in metrics.ts. */
import { z } from 'zod';
import {
  bestValidation,
  forgetting,
  heldBase,
  learntLabels,
  runChange,
  runCheckpoint,
  runRecord,
  type RunRecord,
  type RunState,
} from '../../shared/contract/records.ts';
import type { RunFilter, RunPage } from '../../shared/contract/run-pages.ts';
import { trainingConfig, type TrainingConfig } from '../../shared/contract/training-config.ts';
import { lorikeetError } from '../../shared/errors/lorikeet-error.ts';
import { problem } from '../../shared/errors/problem.ts';
import { isUnfinished } from '../../shared/run-states.ts';
import type { Connection } from './connection.ts';
import { RunSearch } from './run-search.ts';
import { isAlive, thisProcess } from './owner.ts';
import { column, insert, json, select } from './rows.ts';

const fields = Object.keys(runRecord.shape).filter((field) => field !== 'adapterId');
const row = runRecord.extend({
  config: json(trainingConfig),
  labels: json(learntLabels).nullable(),
  base: json(heldBase).nullable(),
  problem: json(problem).nullable(),
  checkpoint: json(runCheckpoint).nullable(),
  // One that is no number stood there once, and kept the whole list from being read.
  best: json(bestValidation).nullable().catch(null),
  forgetting: json(forgetting).nullable(),
  tags: json(z.array(z.string())),
  early: z.int().transform(Boolean),
  halving: z.int().transform(Boolean),
  changes: json(z.array(runChange)),
  notices: json(z.array(z.string())),
});
/** Fields that are stored as JSON text. */
const asText: readonly string[] = [
  ...['config', 'labels', 'base', 'problem'],
  ...['checkpoint', 'best', 'changes', 'notices', 'forgetting', 'tags'],
];
const query = `select ${select(fields, 'runs')},
  (select max(adapters.id) from adapters where adapters.run_id = runs.id) as "adapterId" from runs`;
/** States of runs that belong to a process. */
const [atWork, waiting] = ["'preparing', 'running'", "'queued'"];
/** Figures of the moment, which are told once a second: they last as points do. */
const ofTheMoment: readonly string[] = ['peakMemoryBytes'];
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
    | 'checkpointFolder'
    | 'best'
    | 'forgetting'
    | 'notes'
    | 'tags'
    | 'last'
    | 'early'
    | 'changes'
    | 'notices'
    | 'groupId'
    | 'seriesId'
    | 'halving'
    | 'queueOrder'
    | 'notBefore'
    | 'heldBy'
  >
>;

export class RunStore {
  readonly #store: Connection;
  readonly #owner = thisProcess();
  readonly search: RunSearch;

  constructor(store: Connection) {
    this.#store = store;
    this.search = new RunSearch(store);
  }

  /** Oldest first. */
  list(): RunRecord[] {
    return z.array(row).parse(this.#store.prepare(`${query} order by id`).all());
  }

  /** Where their adapters are or will be written. */
  outputs(): string[] {
    const found = this.#store.prepare('select output from runs').all();
    return z
      .array(row.pick({ output: true }))
      .parse(found)
      .map(({ output }) => output);
  }

  /** Those of these numbers that are there, newest first. */
  some(ids: readonly number[]): RunRecord[] {
    const found = this.#store
      .prepare(`${query} where id in (select value from json_each(?)) order by id desc`)
      .all(JSON.stringify(ids));
    return z.array(row).parse(found);
  }

  /** Pages count from 0. */
  page(filter: RunFilter, page: number, size: number): RunPage {
    const { ids, total } = this.search.page(filter, page, size);
    const all = z.int().parse(this.#store.prepare('select count(*) from runs').pluck().get());
    return { runs: this.some(ids), total, all };
  }

  /** Those in one of these states, oldest first. */
  inStates(states: readonly RunState[]): RunRecord[] {
    return this.#where('state in (select value from json_each(?))', JSON.stringify(states));
  }

  /** Those that may still train, oldest first. */
  unfinished(): RunRecord[] {
    return this.inStates(runRecord.shape.state.options.filter((state) => isUnfinished({ state })));
  }

  /** Those that are over and still have a checkpoint, oldest first. */
  overWithCheckpoint(): RunRecord[] {
    const over = runRecord.shape.state.options.filter((state) => !isUnfinished({ state }));
    const states = 'state in (select value from json_each(?))';
    return this.#where(`checkpoint is not null and ${states}`, JSON.stringify(over));
  }

  /** Those that are trained at once with the run of this number, the first of them, oldest first. */
  ofGroup(groupId: number): RunRecord[] {
    return this.#where('group_id = ?', groupId);
  }

  /** Those that were begun together with the run of this number, the first of them, oldest first. */
  ofSeries(seriesId: number): RunRecord[] {
    return this.#where('series_id = ?', seriesId);
  }

  byId(id: number): RunRecord | null {
    const found = this.#store.prepare(`${query} where id = ?`).get(id);
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
    return this.#store.atOnce(() => {
      const given = ['name', 'state', 'config', 'createdAt', 'output', 'ownerPid', 'ownerStarted'];
      const { lastInsertRowid } = this.#store.prepare(insert('runs', given)).run({
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
  }

  /** Changes the named fields of a run and leaves the others. */
  update(id: number, change: RunUpdate): void {
    const names = Object.keys(change);
    if (names.length === 0) return;
    const set = names.map((name) => `${column(name)} = @${name}`).join(', ');
    const stored = Object.entries(change).map(([name, value]) => [name, storedAs(name, value)]);
    const update = this.#store.prepare(`update runs set ${set} where id = @id`);
    const write = () => update.run({ ...Object.fromEntries(stored), id });
    if (names.every((name) => ofTheMoment.includes(name))) this.#store.unflushed(write);
    else write();
  }

  /**
   * Queues runs that are not in progress anywhere, or wait for a process that is gone, as runs of this process: all of them, or
   * none and false where another process was faster.
   */
  claim(ids: readonly number[]): boolean {
    const these = 'id in (select value from json_each(@ids))';
    const orphans = this.#orphans("'queued'").map(({ id }) => id);
    const { changes } = this.#store
      .prepare(
        `update runs set state = 'queued', owner_pid = @pid, owner_started = @started
         where ${these} and @count = (select count(*) from runs
           where ${these} and (state in ('paused', 'interrupted', 'failed')
             or id in (select value from json_each(@orphans))))`,
      )
      .run({
        ...{ ...this.#owner, ids: JSON.stringify(ids), count: ids.length },
        orphans: JSON.stringify(orphans),
      });
    return changes > 0;
  }

  /**
   * Gives runs the first of these folders, by number from 1, that no other run has which may still go on; null is passed over.
   */
  placeCheckpoints(ids: readonly number[], folderOf: (number: number) => string | null): string {
    return this.#store.atOnce(() => {
      const others = this.unfinished().filter(({ id }) => !ids.includes(id));
      const taken = new Set(others.map(({ checkpointFolder }) => checkpointFolder));
      for (let number = 1; ; number++) {
        const folder = folderOf(number);
        if (folder === null || taken.has(folder)) continue;
        for (const id of ids) this.update(id, { checkpointFolder: folder });
        return folder;
      }
    });
  }

  /** Forgets the run and its points; its adapter stays. */
  remove(id: number): void {
    this.#store.prepare('delete from runs where id = ?').run(id);
  }

  /**
   * Looks after runs whose process is gone: those in progress are interrupted, and those that were
   * still queued belong to this process from now on if it `adopts` them. Both oldest first.
   */
  recover(adopts: boolean): { interrupted: number[]; adopted: number[] } {
    // It is asked every two seconds: without a run to look after, nobody waits for the lock.
    if (this.#orphans(adopts ? `${atWork}, ${waiting}` : atWork).length === 0)
      return { interrupted: [], adopted: [] };
    return this.#store.atOnce(() => {
      const interrupted = this.#orphans(atWork);
      for (const { id, pid } of interrupted)
        this.update(id, {
          state: 'interrupted',
          finishedAt: Date.now(),
          problem: lorikeetError('studio/interrupted', { pid }).problem,
        });
      const adopted = adopts ? this.#orphans(waiting) : [];
      for (const { id } of adopted)
        this.#store
          .prepare('update runs set owner_pid = @pid, owner_started = @started where id = @id')
          .run({ ...this.#owner, id });
      const ids = (rows: { id: number }[]) => rows.map(({ id }) => id);
      return { interrupted: ids(interrupted), adopted: ids(adopted) };
    });
  }

  #where(condition: string, value: string | number): RunRecord[] {
    const found = this.#store.prepare(`${query} where ${condition} order by id`).all(value);
    return z.array(row).parse(found);
  }

  /** The runs in these states whose process is gone. */
  #orphans(states: string): z.output<typeof ownedRow>[] {
    const found = this.#store
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
