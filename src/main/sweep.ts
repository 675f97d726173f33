/** What processes that were killed left half written in the places that the store knows: taken away at the next start. */
import { dirname, join } from 'node:path';
import type { RunRecord } from '../shared/contract/records.ts';
import { checkpointFolderOf } from './checkpoint-folder.ts';
import { removeLeftCheckpoints } from './run-checkpoints.ts';
import type { Store } from './store/database.ts';
import { removeLeftovers } from './system/leftovers.ts';

/**
 * Looks where runs, exports and adapters are written; gives what was removed.
 * @param adapters the folder for the outputs of runs
 */
export function sweep(
  { folder, runs, exports, adapters: kept }: Store,
  adapters: string,
): string[] {
  removeLeftCheckpoints(runs);
  const outputs = [...new Set(runs.outputs().map((output) => dirname(output)))];
  // Those of runs that are over are gone, or had their own folders set aside.
  const checkpoints = runs.unfinished().flatMap((run) => checkpointFolderOf(run) ?? []);
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
export function sweepRuns(
  started: readonly Pick<RunRecord, 'output' | 'checkpointFolder' | 'checkpoint'>[],
): string[] {
  const folders = started.flatMap((run) => checkpointFolderOf(run) ?? []);
  return removeLeftovers([...started.map(({ output }) => dirname(output)), ...folders]);
}
