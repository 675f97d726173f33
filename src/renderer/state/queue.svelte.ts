/** The runs that wait, in their order, and those that wait for a person. */
import { canGoOn } from '../../shared/run-states.ts';
import { call } from '../bridge.ts';
import { beforeWhich, queueRows, type Move } from '../lib/queue-moves.ts';
import { notices } from './notices.svelte.ts';
import { runs } from './runs.svelte.ts';

class Queue {
  rows = $derived(queueRows(runs.known));
  held = $derived(runs.known.filter(canGoOn));

  async move(index: number, move: Move): Promise<void> {
    const row = this.rows[index];
    if (row) await this.put(row.run.id, beforeWhich(this.rows, index, move));
  }

  /** Puts a run before another one, or last. */
  async put(id: number, before: number | null): Promise<void> {
    if (id !== before) await notices.guard(() => call('runs.move', { id, before }));
  }

  async schedule(id: number, notBefore: number | null): Promise<void> {
    await notices.guard(() => call('runs.schedule', { id, notBefore }));
  }
}

export const queue = new Queue();
