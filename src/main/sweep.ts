/** What processes that were killed left half written in the places that the store knows: taken away at the next start. */
import { dirname, join } from 'node:path';
import type { RunRecord, RunState } from '../shared/contract/records.ts';
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
  const outputs = runs.outputs().flatMap(besideOutput);
  // Those of runs that are over are gone, or had their own folders set aside.
  const checkpoints = runs.inStates(goingOn).map(checkpointsOf);
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

/** The same for runs that begin or go on: an engine may have died over them while the studio went on. */
export function sweepRuns(started: readonly Pick<RunRecord, 'output'>[]): string[] {
  return removeLeftovers(
    started.flatMap((run) => [...besideOutput(run.output), checkpointsOf(run)]),
  );
}

function besideOutput(output: string): string[] {
  const folder = dirname(output);
  return [folder, join(folder, 'checkpoints')];
}

const checkpointsOf = ({ output }: Pick<RunRecord, 'output'>) => `${output}.checkpoints`;
