/** The runs that wait in the studio's queue: their order, which is in the store, and whose turn it is. */
import type { RunRecord } from '../shared/contract/records.ts';
import { placed, runsInOrder } from '../shared/queue-order.ts';
import { groupOf } from './go-on.ts';
import { placesBefore } from './queue-order.ts';
import type { Store } from './store/database.ts';
import type { RunUpdate } from './store/runs.ts';

/** Where a run is put among those that wait. */
export type QueueEnd = 'front' | 'back';

export class WaitingRuns {
  readonly #store: Store;
  readonly #onChange: (run: RunRecord) => void;
  readonly #ids = new Set<number>();

  constructor(store: Store, onChange: (run: RunRecord) => void) {
    this.#store = store;
    this.#onChange = onChange;
  }

  has(id: number): boolean {
    return this.#ids.has(id);
  }

  /** In their order. */
  list(): RunRecord[] {
    const found = [...this.#ids].flatMap((id) => this.#store.runs.byId(id) ?? []);
    return runsInOrder(found);
  }

  /** Enters runs that are queued in the store and trained at once, or puts them at another end. */
  enter(ids: readonly number[], at: QueueEnd): void {
    const others = this.list().filter(({ id }) => !ids.includes(id));
    for (const id of ids) this.#ids.add(id);
    this.#place(others, ids, at === 'front' ? (others[0]?.id ?? null) : null);
  }

  /** Enters a run at the place that it has in the store. */
  enterAsStored(run: RunRecord): void {
    if (run.queueOrder === null) this.enter([run.id], 'back');
    else this.#ids.add(run.id);
  }

  /** Puts a run, with those of its group, before another one, or last. */
  move(ids: readonly number[], before: number | null): void {
    this.#place(this.list(), ids, before);
  }

  /** Takes runs out of the queue. */
  leave(ids: readonly number[], change: RunUpdate): void {
    for (const id of ids) {
      this.#ids.delete(id);
      this.change(id, { ...change, queueOrder: null, notBefore: null });
    }
  }

  change(id: number, change: RunUpdate): void {
    this.#store.runs.update(id, change);
    this.#onChange(this.#store.runs.get(id));
  }

  /** Takes those whose turn it is at `now`, a run or several that are trained at once; empty where all wait for their time. */
  take(now: number): number[] {
    const due = this.list().find(({ notBefore }) => notBefore === null || notBefore <= now);
    const ids = due ? groupOf(this.#store, due) : [];
    for (const id of ids) this.#ids.delete(id);
    return ids;
  }

  /** The first moment at which one of them may begin; null where none waits for its time. */
  get soonest(): number | null {
    const times = this.list().flatMap(({ notBefore }) => notBefore ?? []);
    return times.length === 0 ? null : Math.min(...times);
  }

  #place(others: readonly RunRecord[], ids: readonly number[], before: number | null): void {
    for (const { id, order } of placesBefore(placed(others), ids, before))
      if (this.#store.runs.get(id).queueOrder !== order) this.change(id, { queueOrder: order });
  }
}
