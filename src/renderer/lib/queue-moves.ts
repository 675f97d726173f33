/** The queue as it is shown and moved: runs that are trained at once are one row. */
import type { RunRecord } from '../../shared/contract/records.ts';
import { runsInOrder } from '../../shared/queue-order.ts';
import { formatMoment } from './when.ts';

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

/** The one that begins next, if nothing is moved: the first whose time has come, or else the one whose time comes first. */
export function nextOf(rows: readonly QueueRow[], now: number): QueueRow | null {
  const time = ({ run }: QueueRow) => Math.max(now, run.notBefore ?? now);
  const soonest = Math.min(...rows.map(time));
  return rows.find((row) => time(row) === soonest) ?? null;
}

/** What begins next, and after what; `working` is the name of the run that trains now. */
export function sayNext(rows: readonly QueueRow[], working: string, now: number): string {
  const next = nextOf(rows, now);
  if (next === null) return '';
  const { name, notBefore } = next.run;
  const wait = notBefore !== null && notBefore > now;
  if (wait)
    return `${name} begins next: after ${working}, and not before ${formatMoment(notBefore)}.`;
  return next === rows[0]
    ? `The first begins after ${working}.`
    : `${name} begins after ${working}: what stands before it waits for its time.`;
}

export type Move = 'front' | 'up' | 'down';

/** Before which run the one at `index` has to stand after the move; null for the last place. */
export function beforeWhich(rows: readonly QueueRow[], index: number, move: Move): number | null {
  const at = { front: 0, up: index - 1, down: index + 2 }[move];
  return rows[at]?.run.id ?? null;
}
