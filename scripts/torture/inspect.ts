/** All that has to be so after a kill, before anything is started again. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { openStore, type Store } from '../../src/main/store/database.ts';
import type { RunRecord } from '../../src/shared/contract/records.ts';
import { brokenCheckpoints, partialCheckpoints } from './check-folders.ts';
import { faultsOfFile, lostPoints } from './check-store.ts';
import { halfAdapter, otherPoints, type Expected } from './expected.ts';
import { phaseOf, type Phase } from './phase.ts';
import type { Run, Session, Victim } from './victim.ts';

export type Finding = {
  phase: Phase;
  /** As the store has it in the end; null where the run was not in it yet. */
  record: RunRecord | null;
  faults: string[];
};

/** The number that the next run will have. */
export function nextId(victim: Victim): number {
  const path = storeOf(victim);
  if (!existsSync(path)) return 1;
  return 1 + withStore(path, ({ runs }) => runs.list().at(-1)?.id ?? 0);
}

/**
 * @param run is told that the store knows it by now
 * @param partials checkpoints that were left half-written by earlier lives
 */
export async function inspect(
  victim: Victim,
  run: Run,
  { shown }: Session,
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
    return { asLeft, record: store.runs.get(run.id) };
  });
  if (found === null) {
    if (shown.steps.length > 0) faults.push('points of a run were shown that is not in the store');
    return { phase: 'start', record: null, faults };
  }
  const { asLeft, record } = found;
  faults.push(...(await brokenCheckpoints(record)), ...halfAdapter(record.output, expected));
  if (record.output !== run.output) faults.push(`its adapter goes to ${record.output}`);
  if (!victim.goesOn.has(record.state))
    faults.push(`the run is ${record.state} in the store, with its process gone`);
  const partial = partialCheckpoints(record.output).some((name) => !partials.includes(name));
  return { phase: phaseOf(asLeft, run.job, shown, partial), record, faults };
}

export const storeOf = ({ home }: Pick<Victim, 'home'>): string => join(home, 'lorikeet.db');

export function withStore<T>(path: string, look: (store: Store) => T): T {
  const store = openStore(path);
  try {
    return look(store);
  } finally {
    store.close();
  }
}
