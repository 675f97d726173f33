/** Takes runs up again, the same for the studio and the command line. */
import type { RunRecord } from '../shared/contract/records.ts';
import { lorikeetError } from '../shared/errors/lorikeet-error.ts';
import { canGoOn, isOpen, isUnfinished } from '../shared/run-states.ts';
import type { Store } from './store/database.ts';

/** The numbers of the runs that are trained at once with this one and have work ahead, itself among them. */
export function groupOf({ runs }: Store, { id, groupId }: RunRecord): number[] {
  if (groupId === null) return [id];
  const group = runs.ofGroup(groupId).filter((run) => run.id === id || isUnfinished(run));
  return group.map((run) => run.id);
}

/**
 * Queues a run that is paused or interrupted, and those that are trained with it, as runs of this process; gives their numbers.
 * Errors: studio/not-found, studio/run-elsewhere, studio/cannot-go-on
 */
export function claimRun(store: Store, id: number): number[] {
  const run = store.runs.get(id);
  const ids = groupOf(store, run);
  // One that waits for a process that is gone would wait for ever.
  if ((canGoOn(run) || run.state === 'queued') && store.runs.claim(ids)) return ids;
  const { name, state } = store.runs.get(id);
  if (isOpen({ state })) throw lorikeetError('studio/run-elsewhere', { name });
  throw lorikeetError('studio/cannot-go-on', { name, state });
}

/**
 * Runs that go on without being asked, oldest first: those that paused for the studio to quit, those that are to write what they
 * have learnt, and where it is set those that were interrupted.
 */
export function goingOnByThemselves({ runs, settings }: Store): RunRecord[] {
  const { continueInterrupted } = settings.all();
  return runs
    .inStates(['paused', 'interrupted'])
    .filter(
      ({ state, heldBy }) =>
        heldBy === 'quit' || heldBy === 'stop' || (continueInterrupted && state === 'interrupted'),
    );
}
