/** The live state of every run that was looked at. It outlives the pages that show it. */
import type { LiveEvent, StudioEvent } from '../../shared/contract/events.ts';
import { call } from '../bridge.ts';
import { isOpen } from '../../shared/run-states.ts';
import { unwatchedMap, unwatchedSet } from '../lib/unwatched.ts';
import { mostCompared } from './compare.svelte.ts';
import { LiveRun } from './live-run.svelte.ts';
import { notices } from './notices.svelte.ts';

/** Of so many runs all points are held: those that can be compared at once, and a few. A run of 100,000 steps has 8 MB of them. */
export const mostHeld = mostCompared + 4;

export class Metrics {
  #runs = unwatchedMap<number, LiveRun>();
  #asked = unwatchedSet<number>();

  /** The live state of a run. The first time, what the store has of it is fetched. */
  of(id: number): LiveRun {
    const isNew = !this.#asked.delete(id);
    // The latest last.
    this.#asked.add(id);
    if (isNew) {
      void this.#fetch(id);
      this.#forget();
    }
    return this.live(id);
  }

  /** Lets go of the runs that were looked at longest ago. */
  #forget(): void {
    for (const id of [...this.#asked].slice(0, -mostHeld)) {
      this.#asked.delete(id);
      this.#runs.delete(id);
    }
  }

  applyLive({ runId, event }: LiveEvent): void {
    this.live(runId).apply(event);
  }

  /** At the end of a run the store has the last word, in case a live event went by before the page listened. */
  applyStudio(event: StudioEvent): void {
    if (event.kind === 'run-removed') {
      this.#runs.delete(event.id);
      this.#asked.delete(event.id);
    }
    if (event.kind === 'run-changed' && !isOpen(event.run) && this.#asked.has(event.run.id)) {
      void this.#fetch(event.run.id);
    }
  }

  /** What came live of a run, without asking the store for more. */
  live(id: number): LiveRun {
    const known = this.#runs.get(id);
    if (known !== undefined) return known;
    const live = new LiveRun();
    this.#runs.set(id, live);
    return live;
  }

  async #fetch(id: number): Promise<void> {
    try {
      const stored = await call('runs.metrics', { id });
      this.live(id).backfill(stored);
    } catch (thrown) {
      this.#asked.delete(id);
      notices.fail(thrown);
    }
  }
}

export const metrics = new Metrics();
