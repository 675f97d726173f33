/** The run that is meant by a number or a name. */
import type { Store } from '../main/store/database.ts';
import type { RunRecord } from '../shared/contract/records.ts';
import { lorikeetError } from '../shared/errors/lorikeet-error.ts';
import { canGoOn } from '../shared/run-states.ts';

/**
 * A number is looked for before a name; of several runs with one name the only one that can go on is meant.
 * Errors: studio/not-found, studio/several-runs
 */
export function findRun({ runs }: Pick<Store, 'runs'>, named: string): RunRecord {
  const byNumber = /^\d+$/.test(named) ? runs.byId(Number(named)) : null;
  if (byNumber !== null) return byNumber;
  const called = runs.list().filter(({ name }) => name === named);
  const resumable = called.filter(canGoOn);
  const meant = resumable.length === 1 ? resumable : called;
  const [run] = meant;
  if (run === undefined) throw lorikeetError('studio/not-found', { kind: 'run', name: named });
  if (meant.length === 1) return run;
  throw lorikeetError('studio/several-runs', { name: named, ids: meant.map(({ id }) => id) });
}
