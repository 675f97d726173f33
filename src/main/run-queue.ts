/** The studio's queue: one run at a time, the next one starts by itself. The queue itself is in the store. */
import type { RunRecord, RunState } from '../shared/contract/records.ts';
import type { TrainingConfig } from '../shared/contract/training-config.ts';
import { LorikeetError, lorikeetError } from '../shared/errors/lorikeet-error.ts';
import type { Library } from './library.ts';
import { createRun, executeRun } from './runs.ts';

export type QueueListener = {
  onChange(run: RunRecord): void;
  /** No run is left in progress or waiting. */
  onIdle(): void;
  onFault(where: string, thrown: unknown): void;
};

function isOpen(state: RunState): boolean {
  return state === 'queued' || state === 'preparing' || state === 'running';
}

export class RunQueue {
  readonly #library: Library;
  readonly #adapters: string;
  readonly #listener: QueueListener;
  readonly #waiting: number[] = [];
  #current: { id: number; stop: AbortController; over: Promise<void> } | null = null;
  #closed = false;

  /** `adapters` is the folder for the outputs of runs. */
  constructor(library: Library, adapters: string, listener: QueueListener) {
    this.#library = library;
    this.#adapters = adapters;
    this.#listener = listener;
  }

  /** Marks runs that a crash interrupted and takes up the queue where the last studio left it. */
  resume(): void {
    const { runs } = this.#library.store;
    const { interrupted, adopted } = runs.recover(true);
    for (const id of interrupted) {
      const { problem } = runs.get(id);
      if (problem) this.#listener.onFault(`run ${id}`, new LorikeetError(problem));
    }
    this.#waiting.push(...adopted);
    this.#next();
  }

  /** Enters a run behind those that wait. */
  add(config: TrainingConfig): RunRecord {
    const { store } = this.#library;
    const run = createRun(store, config, { adapters: this.#adapters });
    this.#waiting.push(run.id);
    this.#listener.onChange(run);
    this.#next();
    return store.runs.get(run.id);
  }

  /** The run in progress, if there is one. */
  get current(): RunRecord | null {
    return this.#current && this.#library.store.runs.byId(this.#current.id);
  }

  /**
   * Stops a run: one in progress writes its adapter first, one that waits leaves the queue. Nothing
   * happens to one that is over; one that another process trains is 'studio/run-elsewhere'.
   */
  stop(id: number): void {
    const { runs } = this.#library.store;
    const { name, state } = runs.get(id);
    const at = this.#waiting.indexOf(id);
    if (this.#current?.id === id) this.#current.stop.abort();
    else if (at >= 0) {
      this.#waiting.splice(at, 1);
      runs.update(id, { state: 'stopped', finishedAt: Date.now() });
      this.#listener.onChange(runs.get(id));
    } else if (isOpen(state)) throw lorikeetError('studio/run-elsewhere', { name });
  }

  /** Forgets a run that is over; 'studio/run-active' for one that is not. */
  remove(id: number): void {
    const { runs } = this.#library.store;
    const { name, state } = runs.get(id);
    if (isOpen(state)) throw lorikeetError('studio/run-active', { name, state });
    runs.remove(id);
  }

  /**
   * Before the studio quits: starts nothing more, stops the run in progress and waits until its
   * adapter is written. What waits stays queued in the store for the next start.
   */
  async close(): Promise<void> {
    this.#closed = true;
    this.#current?.stop.abort();
    await this.#current?.over;
  }

  #next(): void {
    if (this.#current !== null || this.#closed) return;
    const id = this.#waiting.shift();
    if (id === undefined) {
      this.#listener.onIdle();
      return;
    }
    const stop = new AbortController();
    this.#current = { id, stop, over: this.#train(id, stop.signal) };
  }

  async #train(id: number, signal: AbortSignal): Promise<void> {
    try {
      await executeRun(this.#library, id, {
        signal,
        onChange: (run) => {
          this.#listener.onChange(run);
        },
      });
    } catch (thrown) {
      // executeRun records what goes wrong in training; this is the store itself failing.
      this.#listener.onFault(`run ${id}`, thrown);
    }
    this.#current = null;
    this.#next();
  }
}
