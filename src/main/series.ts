/** Runs that are begun together and differ in a few settings: which of them are trained at once. */
import type { TrainEstimate } from '../shared/contract/estimates.ts';
import type { TrainingConfig } from '../shared/contract/training-config.ts';
import { LorikeetError } from '../shared/errors/lorikeet-error.ts';
import { memoryFit } from '../shared/memory-fit.ts';
import { groupsAlike, inGroups, mostAtOnce } from '../shared/series.ts';

/**
 * Those that share a program in groups that fit into memory, in the order of the first of each; by itself where two do not.
 * @param estimate of runs that are trained at once; null where it cannot be asked now, and then all fit
 * Errors: those of `estimate`, and what it refuses of a run by itself.
 */
export async function groupsOf(
  configs: readonly TrainingConfig[],
  estimate: ((configs: readonly TrainingConfig[]) => Promise<TrainEstimate>) | null,
): Promise<TrainingConfig[][]> {
  const groups: TrainingConfig[][] = [];
  for (const alike of groupsAlike(configs)) {
    let size = Math.min(alike.length, mostAtOnce);
    // The larger half of a program that is too large is measured anew.
    while (estimate && !(await fits(alike.slice(0, size), estimate))) size = Math.ceil(size / 2);
    groups.push(...inGroups(alike, size));
  }
  return groups;
}

async function fits(
  group: readonly TrainingConfig[],
  estimate: (configs: readonly TrainingConfig[]) => Promise<TrainEstimate>,
): Promise<boolean> {
  const { memory, freeMemoryBytes, refusal } = await estimate(group);
  if (group.length > 1) return memoryFit(memory.totalBytes, freeMemoryBytes) === 'fits';
  if (refusal) throw new LorikeetError(refusal);
  return true;
}
