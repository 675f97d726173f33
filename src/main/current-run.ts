/** The run in progress in the studio, or those that are trained at once: how it is asked to end, and what it says. */
import { askedEnd, askedTo } from '../shared/asked-end.ts';
import { isOpen } from '../shared/run-states.ts';
import type { RunRecord } from '../shared/contract/records.ts';
import type { Library } from './library.ts';
import { executeRun, executeVariants } from './runs.ts';

const work = 'The run';

export type RunListener = {
  onChange(run: RunRecord): void;
  /** The store has no room for how it began or ended; that is waited for. */
  onUnkept(thrown: unknown): void;
};

export class CurrentRun {
  readonly #ids: readonly number[];
  /** Settles when it has ended, however it did. */
  readonly over: Promise<void>;
  readonly #store: Library['store'];
  readonly #end = new AbortController();
  /** Nothing is waited for any more. */
  readonly #leaving = new AbortController();
  readonly #listener: RunListener;
  #quits = false;
  #stopsOncePaused = false;

  /** Begins at once. With `stops` it only writes the adapter of the checkpoint that it goes on from. */
  constructor(library: Library, ids: readonly number[], stops: boolean, listener: RunListener) {
    this.#ids = ids;
    this.#store = library.store;
    this.#listener = listener;
    if (stops) this.stop();
    this.over = this.#train(library);
  }

  /** Those that are not over: of runs that are trained at once, some end before the others. */
  get ids(): readonly number[] {
    return this.#ids.filter((id) => {
      const run = this.#store.runs.byId(id);
      return run !== null && isOpen(run);
    });
  }

  /** It was asked to stop when it was about to pause already: what its checkpoint has is to be written then. */
  get stopsOncePaused(): boolean {
    return this.#stopsOncePaused && !this.#quits;
  }

  /** What is learnt is written. */
  stop(): void {
    this.#stopsOncePaused = this.#end.signal.aborted && askedEnd(this.#end.signal) === 'pause';
    this.#end.abort(askedTo('stop', work));
  }

  /** It keeps a checkpoint to go on from. */
  pause(): void {
    this.#end.abort(askedTo('pause', work));
  }

  /** It pauses until the next start, which it is marked for at once: the process may not live to see it paused. */
  pauseToQuit(): void {
    this.#leaving.abort();
    if (this.#end.signal.aborted) return;
    this.#quits = true;
    try {
      for (const id of this.ids) this.#store.runs.update(id, { heldBy: 'quit' });
    } catch (thrown) {
      // It is told as interrupted at the next start.
      this.#listener.onUnkept(thrown);
    }
    this.pause();
  }

  async #train(library: Library): Promise<void> {
    const options = {
      signal: this.#end.signal,
      waiting: {
        until: this.#leaving.signal,
        onWait: (thrown: unknown) => {
          this.#listener.onUnkept(thrown);
        },
      },
      onChange: (run: RunRecord) => {
        this.#listener.onChange(this.#asHeld(run));
      },
    };
    const [id] = this.#ids;
    if (this.#ids.length > 1) await executeVariants(library, this.#ids, options);
    else if (id !== undefined) await executeRun(library, id, options);
  }

  /** One that ended because of the quitting waits for the next start, and not for a person. */
  #asHeld(run: RunRecord): RunRecord {
    if (!this.#quits) return run;
    const { id, state, problem } = run;
    const waits = state === 'interrupted' || (state === 'paused' && problem === null);
    if (waits) this.#store.runs.update(id, { heldBy: 'quit' });
    // It came to its end meanwhile.
    else if (run.heldBy === 'quit' && state !== 'running' && state !== 'preparing')
      this.#store.runs.update(id, { heldBy: null });
    return this.#store.runs.get(id);
  }
}
