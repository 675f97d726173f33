/** What processes that were killed left half written in the places that the store knows, taken away at the next start. */
import { dirname, join } from 'node:path';
import type { RunState } from '../shared/contract/records.ts';
import type { Store } from './store/database.ts';
import { removeLeftovers } from './system/leftovers.ts';

/** In which a run has checkpoints, or comes to them. */
const goingOn: readonly RunState[] = ['queued', 'preparing', 'running', 'paused', 'interrupted'];

/**
 * Looks where runs, exports and adapters are written; gives what was removed.
 * @param adapters the folder for the outputs of runs
 */
export function sweep(
  { folder, runs, exports, adapters: kept }: Store,
  adapters: string,
): string[] {
  const beside = [...new Set(runs.outputs().map((output) => dirname(output)))];
  const outputs = beside.flatMap((folder) => [folder, join(folder, 'checkpoints')]);
  // Those of runs that are over are gone, or had their own folders set aside.
  const checkpoints = runs.inStates(goingOn).map(({ output }) => `${output}.checkpoints`);
  const written = [...exports.paths(), ...kept.list().map(({ path }) => path)].map((path) =>
    dirname(path),
  );
  return removeLeftovers([
    adapters,
    join(folder, 'adapters'),
    ...outputs,
    ...checkpoints,
    ...written,
  ]);
}
