/** Where the checkpoints of a run lie: beside the adapter that is to come, in a folder that nobody else has. */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { RunRecord } from '../shared/contract/records.ts';
import type { RunStore } from './store/runs.ts';

type Placed = Pick<RunRecord, 'checkpointFolder' | 'checkpoint'>;

/** The folder that a run has; null where it has none yet. Runs of earlier versions are known by their checkpoint. */
export function checkpointFolderOf({ checkpointFolder, checkpoint }: Placed): string | null {
  return checkpointFolder ?? (checkpoint && dirname(checkpoint.path));
}

/**
 * The folder of runs that are trained at once, which they keep for as long as they go on. It is chosen when they first begin:
 * a folder that is there already, or that another run may still go on from, is not theirs.
 */
export function ownCheckpointFolder(runs: RunStore, ids: readonly number[]): string {
  const own = ids.map((id) => runs.get(id));
  const [known] = own.flatMap((run) => checkpointFolderOf(run) ?? []);
  const [first] = own;
  if (!first) throw new RangeError('checkpoints of no run');
  const { output } = first;
  const wanted = own.length > 1 ? join(dirname(output), 'checkpoints') : `${output}.checkpoints`;
  return known ?? runs.placeCheckpoints(ids, (number) => nameOf(wanted, number));
}

/** Null where something is there already. */
function nameOf(wanted: string, number: number): string | null {
  const folder = number === 1 ? wanted : `${wanted}-${number}`;
  return existsSync(folder) ? null : folder;
}
