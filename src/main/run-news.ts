/** Tells the page of changed runs, but not of every step: a tiny model takes hundreds of them a second. */
import type { StudioEvent } from '../shared/contract/events.ts';
import type { RunRecord } from '../shared/contract/records.ts';

/** Faster than this nobody reads a figure; charts get every step through the live port. */
const everyMs = 200;

/**
 * Publishes a run when something has changed that is no figure, and otherwise at most five times a second. The last
 * figures are never missing, because a run ends with a change of its state. `now` is in milliseconds.
 */
export function runNews(
  publish: (event: StudioEvent) => void,
  now: () => number = () => performance.now(),
): (run: RunRecord) => void {
  const told = new Map<number, { facts: string; at: number }>();
  return (run) => {
    const last = told.get(run.id);
    const at = now();
    const facts = factsOf(run);
    if (last?.facts === facts && at - last.at < everyMs) return;
    told.set(run.id, { facts, at });
    publish({ kind: 'run-changed', run });
    if (run.adapterId !== null) publish({ kind: 'library-changed' });
  };
}

/** What is told at once. */
function factsOf({ state, queueOrder, notBefore, heldBy, problem, ...told }: RunRecord): string {
  const sentences = told.changes.length + told.notices.length;
  return JSON.stringify([state, queueOrder, notBefore, heldBy, problem?.code, sentences]);
}
