/** The next attempt of a run that memory ended: it begins with settings that need less. */
import type { RunRecord } from '../shared/contract/records.ts';
import { leaner } from '../shared/leaner.ts';
import type { Store } from './store/database.ts';

/** Codes of what memory brought about. */
const forMemory: ReadonlySet<string> = new Set(['engine/out-of-memory', 'engine/ended-for-memory']);

/**
 * Changes the settings of runs that are about to go on, where all of them ended because memory ran out and can do with less, and
 * writes that into their records. To be called while their problem still says how they ended.
 */
export function beginLeaner({ runs }: Store, ids: readonly number[]): void {
  const changes = ids.map((id) => changeOf(runs.get(id)));
  // What is trained at once shares its batch.
  if (changes.includes(null)) return;
  for (const [i, id] of ids.entries()) {
    const change = changes[i];
    if (change) runs.update(id, change);
  }
}

function changeOf({
  problem,
  config,
  changes,
  checkpoint,
}: RunRecord): Pick<RunRecord, 'config' | 'changes'> | null {
  const less = problem !== null && forMemory.has(problem.code) ? leaner(config) : null;
  if (less === null) return null;
  const change = {
    step: checkpoint?.step ?? 0,
    text: `Memory ran out in the attempt before. ${less.text}`,
  };
  return { config: { ...config, ...less.settings }, changes: [...changes, change] };
}
