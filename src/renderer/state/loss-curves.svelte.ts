/** How the losses of listed runs went, in the few points that a tiny curve has. */
import { SvelteMap } from 'svelte/reactivity';
import type { RunRecord } from '../../shared/contract/records.ts';
import { call } from '../bridge.ts';
import { isWorking } from '../../shared/run-states.ts';
import type { Point } from '../lib/point.ts';
import { unwatchedMap } from '../lib/unwatched.ts';
import { notices } from './notices.svelte.ts';

/** A run at work has a new curve this often; milliseconds. */
const every = 5000;

type Seen = { step: number; at: number };

export class LossCurves {
  readonly #curves = new SvelteMap<number, readonly Point[]>();
  /** At which step each was asked for last. */
  readonly #asked = unwatchedMap<number, Seen>();

  of(id: number): readonly Point[] {
    return this.#curves.get(id) ?? [];
  }

  /** Reads the curves of these runs where they are not known, or not as far as the runs have come. */
  async need(runs: readonly RunRecord[], now = performance.now()): Promise<void> {
    const due = runs.filter((run) => run.step > 0 && isDue(run, this.#asked.get(run.id), now));
    if (due.length === 0) return;
    for (const { id, step } of due) this.#asked.set(id, { step, at: now });
    try {
      const found = await call('runs.curves', { ids: due.map(({ id }) => id) });
      for (const { id, points } of found) this.#curves.set(id, points);
    } catch (thrown) {
      for (const { id } of due) this.#asked.delete(id);
      notices.fail(thrown);
    }
  }
}

function isDue(run: RunRecord, seen: Seen | undefined, now: number): boolean {
  if (seen === undefined) return true;
  return run.step !== seen.step && (!isWorking(run) || now - seen.at >= every);
}

export const lossCurves = new LossCurves();
