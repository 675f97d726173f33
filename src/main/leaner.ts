/** The next attempt of a run that memory ended, or may have: it begins with settings that need less. */
import type { RunRecord } from '../shared/contract/records.ts';
import { leaner } from '../shared/leaner.ts';
import { nearLimit } from './near-limit.ts';
import type { Store } from './store/database.ts';

/** Codes of what memory brought about. */
const forMemory: ReadonlySet<string> = new Set(['engine/out-of-memory', 'engine/ended-for-memory']);

/** What is left of a run whose whole process was ended: nobody was there to say by what. */
const withItsProcess = 'studio/interrupted';

/**
 * Changes the settings of runs that are about to go on, where all of them ended because memory ran out, or with a process that had come
 * close to a limit of it, and can do with less; writes that into their records. To be called while their problem still says how they
 * ended.
 * @param limitNear the limit that a process with this peak had come close to, in words
 */
export function beginLeaner(
  { runs }: Store,
  ids: readonly number[],
  limitNear: (peak: number | null) => string | null = nearLimit,
): void {
  const changes = ids.map((id) => changeOf(runs.get(id), limitNear));
  // What is trained at once shares its batch.
  if (changes.includes(null)) return;
  for (const [i, id] of ids.entries()) {
    const change = changes[i];
    if (change) runs.update(id, change);
  }
}

function changeOf(
  run: RunRecord,
  limitNear: (peak: number | null) => string | null,
): Pick<RunRecord, 'config' | 'changes'> | null {
  const { config, changes, checkpoint } = run;
  const why = shortness(run, limitNear);
  const less = why === null ? null : leaner(config);
  if (less === null) return null;
  const change = { step: checkpoint?.step ?? 0, text: `${why} ${less.text}` };
  return { config: { ...config, ...less.settings }, changes: [...changes, change] };
}

/** How the attempt before came to want memory, in a sentence; null where it did not. */
function shortness(
  { problem, peakMemoryBytes }: RunRecord,
  limitNear: (peak: number | null) => string | null,
): string | null {
  if (problem === null) return null;
  if (forMemory.has(problem.code)) return 'Memory ran out in the attempt before.';
  const limit = problem.code === withItsProcess ? limitNear(peakMemoryBytes) : null;
  return limit === null ? null : `The attempt before ended with its process, close to ${limit}.`;
}
