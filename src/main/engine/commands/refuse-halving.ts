/** Runs are halved by their validation losses, which have to be of the same examples, and there before the runs are over. */
import type { TrainingConfig } from '../../../shared/contract/training-config.ts';
import { lorikeetError } from '../../../shared/errors/lorikeet-error.ts';
import { unlikeValidation } from '../../../shared/series.ts';
import { validationInterval, type TrainingRun } from '../train/run-progress.ts';

/** Errors: train/not-to-be-halved. */
export function refuseHalving(configs: readonly TrainingConfig[]): void {
  refuseFor(unlikeValidation(configs));
}

/** The same for what only the data tells: how many steps there are. Errors: train/not-to-be-halved. */
export function refuseLateValidation(runs: readonly Pick<TrainingRun, 'config' | 'plan'>[]): void {
  const late = runs.some((run) => validationInterval(run) >= run.plan.totalSteps);
  refuseFor(late ? 'the first validation of one is at its end' : null);
}

function refuseFor(why: string | null): void {
  if (why !== null) throw lorikeetError('train/not-to-be-halved', { why });
}
