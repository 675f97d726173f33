/** Runs are halved by their validation losses, which have to be of the same examples. */
import type { TrainingConfig } from '../../../shared/contract/training-config.ts';
import { lorikeetError } from '../../../shared/errors/lorikeet-error.ts';
import { unlikeValidation } from '../../../shared/series.ts';

/** Errors: train/not-to-be-halved. */
export function refuseHalving(configs: readonly TrainingConfig[]): void {
  const why = unlikeValidation(configs);
  if (why !== null) throw lorikeetError('train/not-to-be-halved', { why });
}
