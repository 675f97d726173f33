/** The studio's queue: one run at a time, the next one starts by itself. The queue itself is in the store. */
import type { RunRecord } from '../shared/contract/records.ts';
import type { TrainingConfig } from '../shared/contract/training-config.ts';
import { LorikeetError, lorikeetError } from '../shared/errors/lorikeet-error.ts';
import { canGoOn, isOpen } from '../shared/run-states.ts';
import { CurrentRun, type RunListener } from './current-run.ts';
import { claimRun, goingOnByThemselves, groupOf } from './go-on.ts';
import type { Library } from './library.ts';
import { createRun } from './runs.ts';
import { WaitingRuns, type QueueEnd } from './waiting-runs.ts';

export type QueueListener = RunListener & {
  /** No run is left in progress or waiting. */
  onIdle(): void;
  onFault(where: string, thrown: unknown): void;
};

/** Clocks are set, and machines sleep: a time to come is looked at again after this long at the latest. */
const lookAgainMs = 30_000;

export class RunQueue {
  readonly #library: Library;
  readonly #adapters: string;
  readonly #listener: QueueListener;
  readonly #waiting: WaitingRuns;
  #current: CurrentRun | null = null;
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  /** `adapters` is the folder for the outputs of runs. */
  constructor(library: Library, adapters: string, listener: QueueListener) {
    this.#library = library;
    this.#adapters = adapters;
    this.#listener = listener;
    this.#waiting = new WaitingRuns(library.store, (run) => {
      listener.onChange(run);
    });
  }

  /** Marks runs that a crash interrupted and takes up the queue where the last studio left it. */
  resume(): void {
    const { store } = this.#library;
    const { interrupted, adopted } = store.runs.recover(true);
    for (const id of interrupted) {
      const { problem } = store.runs.get(id);
      if (problem) this.#listener.onFault(`run ${id}`, new LorikeetError(problem));
    }
    for (const id of adopted) this.#waiting.enterAsStored(store.runs.get(id));
    for (const run of goingOnByThemselves(store).reverse()) this.#takeUpAgain(run);
    this.#next();
  }

  /** Enters a run behind those that wait. It is not begun before `notBefore`, in milliseconds since 1970. */
  add(config: TrainingConfig, notBefore: number | null = null): RunRecord {
    const { store } = this.#library;
    const { id } = createRun(store, config, { adapters: this.#adapters });
    store.runs.update(id, { notBefore });
    this.#waiting.enter([id], 'back');
    this.#next();
    return store.runs.get(id);
  }

  /**
   * Enters runs that are begun together, behind those that wait; those of a group are trained at once. Where they are `halving`,
   * the worse half of a group ends at every rung.
   */
  addSeries(groups: readonly (readonly TrainingConfig[])[], halving: boolean): RunRecord[] {
    const { store } = this.#library;
    const place = { adapters: this.#adapters };
    const entered = store.atOnce(() => {
      const ids = groups.map((configs) => configs.map((each) => createRun(store, each, place).id));
      const [seriesId = null] = ids.flat();
      for (const group of ids) {
        const [groupId = null] = group.length > 1 ? group : [];
        for (const id of group)
          store.runs.update(id, { seriesId, groupId, halving: halving && groupId !== null });
      }
      return ids;
    });
    for (const ids of entered) this.#waiting.enter(ids, 'back');
    this.#next();
    return entered.flat().map((id) => store.runs.get(id));
  }

  /** The run in progress, or the first of those that are trained at once; null where there is none. */
  get current(): RunRecord | null {
    const [id] = this.#current?.ids ?? [];
    return id === undefined ? null : this.#library.store.runs.byId(id);
  }

  /** Those that wait, in their order. */
  get waiting(): RunRecord[] {
    return this.#waiting.list();
  }

  /**
   * Stops a run: one in progress writes its adapter first, one that has a checkpoint writes that of it as soon as it can, and one
   * that has not begun leaves the queue. Nothing happens to one that is over. Errors: studio/run-elsewhere
   */
  stop(id: number): void {
    const run = this.#library.store.runs.get(id);
    if (this.#isCurrent(id)) this.#current?.stop();
    else if (!this.#waiting.has(id) && !canGoOn(run)) refuseElsewhere(run);
    else if (run.checkpoint !== null) this.#stopFromCheckpoint(run);
    else
      this.#leave(run, { state: 'stopped', finishedAt: Date.now(), problem: null, heldBy: null });
  }

  /** Pauses a run: one in progress keeps a checkpoint first. Nothing happens to one that is over. Errors: studio/run-elsewhere */
  pause(id: number): void {
    const run = this.#library.store.runs.get(id);
    if (this.#isCurrent(id)) this.#current?.pause();
    else if (this.#waiting.has(id)) this.#leave(run, { state: 'paused', heldBy: 'person' });
    else refuseElsewhere(run);
  }

  /** Has a run go on that is paused or interrupted, before or behind those that wait. Errors: those of `claimRun`. */
  goOn(id: number, at: QueueEnd): RunRecord {
    if (this.#waiting.has(id)) this.#waiting.enter(this.#unheld(this.#waitingGroup(id)), at);
    else this.#takeUp(id, at);
    this.#next();
    return this.#library.store.runs.get(id);
  }

  /** A run that is over begins anew, as a new one with its settings; one that can go on does. Errors: studio/run-active */
  retry(id: number): RunRecord {
    const run = this.#library.store.runs.get(id);
    const { name, state } = run;
    if (canGoOn(run)) return this.goOn(id, 'back');
    if (isOpen(run)) throw lorikeetError('studio/run-active', { name, state });
    const config = { ...run.config, name };
    // It begins on another day.
    delete config.date;
    return this.add(config);
  }

  /** Puts a run that waits before another one that does, or last. Errors: studio/not-waiting */
  move(id: number, before: number | null): void {
    this.#waiting.move(this.#waitingGroup(id), before);
  }

  /** Has a run that waits begin at this time at the earliest; null for as soon as its turn comes. Errors: studio/not-waiting */
  schedule(id: number, notBefore: number | null): void {
    for (const each of this.#waitingGroup(id)) this.#waiting.change(each, { notBefore });
    this.#next();
  }

  /** Forgets a run that is neither in progress nor waiting. Errors: studio/run-active */
  remove(id: number): void {
    this.checkRemovable(id);
    this.#library.store.runs.remove(id);
  }

  /** Fails as `remove` would. */
  checkRemovable(id: number): void {
    const { name, state } = this.#library.store.runs.get(id);
    if (isOpen({ state })) throw lorikeetError('studio/run-active', { name, state });
  }

  /** Starts nothing more, and asks the run in progress to pause until the next start. */
  hold(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#current?.pauseToQuit();
  }

  /** As `hold`, and waits until the checkpoint is written. What waits stays queued in the store for the next start. */
  async close(): Promise<void> {
    this.hold();
    // What keeps its end from being stored is told where it is waited for.
    await this.#current?.over.catch(() => undefined);
  }

  #isCurrent(id: number): boolean {
    return this.#current?.ids.includes(id) ?? false;
  }

  #waitingGroup(id: number): number[] {
    const { store } = this.#library;
    const run = store.runs.get(id);
    if (this.#waiting.has(id)) return groupOf(store, run);
    throw lorikeetError('studio/not-waiting', { name: run.name, state: run.state });
  }

  #leave(run: RunRecord, change: Parameters<WaitingRuns['leave']>[1]): void {
    this.#waiting.leave(groupOf(this.#library.store, run), change);
    this.#next();
  }

  /** Whatever they were asked for before, they go on. */
  #unheld(ids: readonly number[]): readonly number[] {
    for (const id of ids) this.#waiting.change(id, { heldBy: null });
    return ids;
  }

  /** At a start: one that cannot be taken up keeps nobody from anything else. */
  #takeUpAgain(run: RunRecord): void {
    if (this.#waiting.has(run.id)) return;
    try {
      if (run.heldBy === 'stop') this.stop(run.id);
      else this.#takeUp(run.id, 'front');
    } catch (thrown) {
      this.#listener.onFault(`run ${run.id}`, thrown);
    }
  }

  #takeUp(id: number, at: QueueEnd): number[] {
    const ids = claimRun(this.#library.store, id);
    this.#waiting.enter(this.#unheld(ids), at);
    return ids;
  }

  #stopFromCheckpoint(run: RunRecord): void {
    const ids = this.#waiting.has(run.id)
      ? this.#waitingGroup(run.id)
      : this.#takeUp(run.id, 'front');
    for (const id of ids) this.#waiting.change(id, { notBefore: null, heldBy: 'stop' });
    this.#waiting.move(ids, this.waiting.find(({ id }) => !ids.includes(id))?.id ?? null);
    this.#next();
  }

  #goesOnByItself({ state }: RunRecord): boolean {
    const { continueInterrupted } = this.#library.store.settings.all();
    return state === 'interrupted' && continueInterrupted && !this.#closed;
  }

  #next(): void {
    if (this.#current !== null || this.#closed) return;
    clearTimeout(this.#timer);
    const ids = this.#waiting.take(Date.now());
    const { soonest } = this.#waiting;
    if (ids.length > 0) void this.#train(ids);
    else if (soonest === null) this.#listener.onIdle();
    else {
      const ms = Math.min(Math.max(0, soonest - Date.now()), lookAgainMs);
      this.#timer = setTimeout(() => {
        this.#next();
      }, ms);
    }
  }

  async #train(ids: readonly number[]): Promise<void> {
    const { runs } = this.#library.store;
    const begun = ids.map((id) => runs.get(id));
    const stops = begun.some(({ heldBy }) => heldBy === 'stop');
    const from = checkpointSteps(begun);
    try {
      const current = new CurrentRun(this.#library, ids, stops, this.#listener);
      this.#current = current;
      await current.over;
      const left = ids.flatMap((id) => runs.byId(id) ?? []);
      if (current.stopsOncePaused) for (const { id } of left.filter(canGoOn)) this.stop(id);
      const run = left.find((each) => this.#goesOnByItself(each));
      // One that came no further would come no further again.
      if (run && checkpointSteps([run]) > from) this.#takeUp(run.id, 'front');
    } catch (thrown) {
      // What goes wrong in training is recorded; this is the store itself failing.
      this.#listener.onFault(`run ${ids.join(', ')}`, thrown);
    }
    this.#current = null;
    this.#next();
  }
}

/** One that is open without being here belongs to another process. */
function refuseElsewhere(run: RunRecord): void {
  if (isOpen(run)) throw lorikeetError('studio/run-elsewhere', { name: run.name });
}

function checkpointSteps(runs: readonly RunRecord[]): number {
  return Math.max(0, ...runs.map(({ checkpoint }) => checkpoint?.step ?? 0));
}
