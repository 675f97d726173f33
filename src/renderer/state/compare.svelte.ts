/** Which runs are compared, and by which loss. */
import type { RunRecord } from '../../shared/contract/records.ts';
import { runLooks } from '../lib/run-looks.ts';

/** As many as there are looks to tell them apart. */
export const mostCompared = runLooks.length;
/** Until somebody chooses, this many of the newest runs. */
const atFirst = 3;

export class Compare {
  figure = $state<'loss' | 'validation'>('loss');
  #ids = $state.raw<readonly number[] | null>(null);

  /** The compared runs, in the order in which they were chosen. */
  chosen(candidates: readonly RunRecord[]): RunRecord[] {
    if (this.#ids === null) return candidates.slice(0, atFirst);
    return this.#ids.flatMap((id) => candidates.find((run) => run.id === id) ?? []);
  }

  /** Compares these, in this order, as far as there are looks for them. */
  choose(ids: readonly number[]): void {
    this.#ids = ids.slice(0, mostCompared);
  }

  /** Takes a run in, or out; more than there are looks are not taken in. */
  toggle(id: number, candidates: readonly RunRecord[]): void {
    const ids = this.chosen(candidates).map((run) => run.id);
    if (ids.includes(id)) this.#ids = ids.filter((one) => one !== id);
    else if (ids.length < mostCompared) this.#ids = [...ids, id];
  }
}

export const compare = new Compare();
