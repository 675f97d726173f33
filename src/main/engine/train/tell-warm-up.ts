/** A warm-up that is not over when the run is. */
import type { TrainingConfig } from '../../../shared/contract/training-config.ts';
import { formatPercent, plainSpaces } from '../../../shared/format.ts';
import { howMany } from '../../../shared/how-many.ts';
import type { Plan } from './plan.ts';
import { scheduleFactor } from './schedule.ts';

/** A sentence where the learning rate that was asked for is never reached, the first step being at 0. */
export function tellWarmUp(
  { scheduler, warmupSteps }: Pick<TrainingConfig, 'scheduler' | 'warmupSteps'>,
  { totalSteps }: Pick<Plan, 'totalSteps'>,
): string[] {
  if (warmupSteps < totalSteps) return [];
  const highest = scheduleFactor(scheduler, totalSteps - 1, warmupSteps, totalSteps);
  const then =
    highest === 0
      ? 'with which the learning rate stays 0 and nothing is learnt'
      : `with which the learning rate gets to ${plainSpaces(formatPercent(highest))} of what was asked for`;
  return [
    `The warm-up takes ${howMany(warmupSteps, 'step')} and the run ${howMany(totalSteps, 'step')}, ${then}. Fewer warm-up steps change that.`,
  ];
}
