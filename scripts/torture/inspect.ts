/** All that has to be so after a kill, before anything is started again. */
import { existsSync } from 'node:fs';
import type { RunRecord } from '../../src/shared/contract/records.ts';
import { brokenCheckpoints, partialCheckpoints } from './check-folders.ts';
import { faultsOfFile, lostPoints } from './check-store.ts';
import { halfAdapter, otherPoints, type Expected } from './expected.ts';
import { phaseOf, type Phase } from './phase.ts';
import { storeOf, withStore } from './store-of.ts';
import type { Run, Session, Victim } from './victim.ts';

export type Finding = {
  phase: Phase;
  /** As the store has it in the end; null where the run was not in it yet. */
  record: RunRecord | null;
  faults: string[];
};

/**
 * @param run is told that the store knows it by now
 * @param partials checkpoints that were left half-written by earlier lives
 */
export async function inspect(
  victim: Victim,
  run: Run,
  { shown, seen }: Session,
  expected: Expected,
  partials: readonly string[],
): Promise<Finding> {
  const path = storeOf(victim);
  const faults = [...faultsOfFile(path), ...otherPoints(shown, expected)];
  if (!existsSync(path)) return { phase: 'start', record: null, faults };
  const found = withStore(path, (store) => {
    const asLeft = store.runs.byId(run.id);
    run.stored = asLeft !== null;
    if (asLeft === null) return null;
    faults.push(...lostPoints(store, run.id, shown));
    if (!victim.marks) store.runs.recover(false);
    const state = asLeft.state === 'finished' ? asLeft.state : (seen ?? asLeft.state);
    return { seen: { state }, record: store.runs.get(run.id) };
  });
  if (found === null) {
    if (shown.steps.length > 0) faults.push('points of a run were shown that is not in the store');
    return { phase: 'start', record: null, faults };
  }
  const { record } = found;
  faults.push(...(await brokenCheckpoints(record)), ...halfAdapter(record.output, expected));
  if (record.output !== run.output) faults.push(`its adapter goes to ${record.output}`);
  if (!victim.goesOn.has(record.state))
    faults.push(`the run is ${record.state} in the store, with its process gone`);
  const partial = partialCheckpoints(record.output).some((name) => !partials.includes(name));
  return { phase: phaseOf(found.seen, run.job, shown, partial), record, faults };
}
