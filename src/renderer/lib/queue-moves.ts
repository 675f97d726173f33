/** The queue as it is shown and moved: runs that are trained at once are one row. */
import type { RunRecord } from '../../shared/contract/records.ts';
import { runsInOrder } from '../../shared/queue-order.ts';

export type QueueRow = { run: RunRecord; /** Others that are trained with it. */ others: number };

/** Those that wait, in their order. */
export function queueRows(known: readonly RunRecord[]): QueueRow[] {
  const waiting = runsInOrder(known.filter(({ state }) => state === 'queued'));
  const lead = (run: RunRecord) =>
    run.groupId === null ? run : waiting.find(({ groupId }) => groupId === run.groupId);
  return waiting
    .filter((run) => lead(run) === run)
    .map((run) => ({
      run,
      others: waiting.filter((other) => other !== run && lead(other) === run).length,
    }));
}

export type Move = 'front' | 'up' | 'down';

/** Before which run the one at `index` has to stand after the move; null for the last place. */
export function beforeWhich(rows: readonly QueueRow[], index: number, move: Move): number | null {
  const at = { front: 0, up: index - 1, down: index + 2 }[move];
  return rows[at]?.run.id ?? null;
}
