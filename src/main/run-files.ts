/** What a run has on the disk beside its record: checkpoints to go on from, and the adapters that it wrote. */
import { existsSync } from 'node:fs';
import type { RunRecord } from '../shared/contract/records.ts';
import { isUnfinished } from '../shared/run-states.ts';
import { checkpointFolderOf } from './checkpoint-folder.ts';
import type { Store } from './store/database.ts';

/** The folders with its checkpoints; runs that are trained at once have theirs in common, and the others may still go on. */
function checkpointFolders({ runs }: Store, run: RunRecord): string[] {
  const group = run.groupId === null ? [] : runs.ofGroup(run.groupId);
  const needed = group.some((other) => other.id !== run.id && isUnfinished(other));
  if (needed) return [];
  const folder = checkpointFolderOf(run);
  return folder !== null && existsSync(folder) ? [folder] : [];
}

/** The folders with its adapters: the one that is listed, and that of the last step where it is another. */
function adapterFolders({ adapters }: Store, { adapterId, last }: RunRecord): string[] {
  const listed = adapterId === null ? null : adapters.byId(adapterId);
  return [listed?.path, last].flatMap((path) => path ?? []).filter(existsSync);
}

/**
 * Moves what a run leaves to the system's trash: its checkpoints, and where that is wanted its adapters, which are then forgotten.
 * Errors: studio/not-trashed
 */
export async function discardFiles(
  store: Store,
  run: RunRecord,
  adapter: boolean,
  trash: (path: string) => Promise<void>,
): Promise<void> {
  for (const folder of checkpointFolders(store, run)) await trash(folder);
  if (!adapter) return;
  for (const folder of adapterFolders(store, run)) await trash(folder);
  if (run.adapterId !== null) store.adapters.remove(run.adapterId);
}
