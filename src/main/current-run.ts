/** The run in progress in the studio, or those that are trained at once: how it is asked to end, and what it says. */
import { askedTo } from '../shared/asked-end.ts';
import type { EngineEvent } from '../shared/contract/engine.ts';
import type { RunRecord } from '../shared/contract/records.ts';
import type { Library } from './library.ts';
import { executeRun, executeVariants } from './runs.ts';

const work = 'The run';

export class CurrentRun {
  readonly ids: readonly number[];
  /** Settles when it has ended, however it did. */
  readonly over: Promise<void>;
  readonly #store: Library['store'];
  readonly #end = new AbortController();
  readonly #onChange: (run: RunRecord) => void;
  #stopsOnceReady = false;
  #quits = false;

  /** Begins at once. With `stops` it only writes the adapter of the checkpoint that it goes on from. */
  constructor(
    library: Library,
    ids: readonly number[],
    stops: boolean,
    onChange: (run: RunRecord) => void,
  ) {
    this.ids = ids;
    this.#store = library.store;
    this.#onChange = onChange;
    this.#stopsOnceReady = stops;
    this.over = this.#train(library);
  }

  /** What is learnt is written. One that is still being opened and has a checkpoint writes that of the checkpoint. */
  stop(): void {
    const unready = this.ids.some((id) => {
      const { state, checkpoint } = this.#store.runs.get(id);
      return state === 'preparing' && checkpoint !== null;
    });
    if (unready) this.#stopsOnceReady = true;
    else this.#end.abort(askedTo('stop', work));
  }

  /** It keeps a checkpoint to go on from. */
  pause(): void {
    this.#end.abort(askedTo('pause', work));
  }

  /** It pauses until the next start, which it is marked for at once: the process may not live to see it paused. */
  pauseToQuit(): void {
    if (this.#end.signal.aborted || this.#stopsOnceReady) return;
    this.#quits = true;
    for (const id of this.ids) this.#store.runs.update(id, { heldBy: 'quit' });
    this.pause();
  }

  async #train(library: Library): Promise<void> {
    const options = {
      signal: this.#end.signal,
      onChange: (run: RunRecord) => {
        this.#onChange(this.#asHeld(run));
      },
      onEvent: (event: EngineEvent) => {
        if (this.#stopsOnceReady && isReady(event)) this.#end.abort(askedTo('stop', work));
      },
    };
    const [id] = this.ids;
    if (this.ids.length > 1) await executeVariants(library, this.ids, options);
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

/** From then on it can be stopped with what its checkpoint has. */
function isReady(event: EngineEvent): boolean {
  return (event.kind === 'variant' ? event.event : event).kind === 'prepared';
}
