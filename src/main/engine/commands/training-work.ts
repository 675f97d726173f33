/** How much is computed by runs that are trained together. */
import type { Checkpoint } from '../checkpoint/checkpoint.ts';
import { parametersOf } from '../checkpoint/stored-types.ts';
import type { Work } from '../policy.ts';
import type { Preparation } from '../train/prepare.ts';

/** The steps of the longest. Others beside a run do not count, so that it is compiled as it would be by itself. */
export function trainingWork(
  { runs, options: { shape } }: Preparation,
  checkpoint: Pick<Checkpoint, 'tensors'>,
): Work {
  const batches = runs.map(({ config, plan }) => plan.totalSteps * config.gradientAccumulation);
  const tokens = (shape.rows / runs.length) * shape.length;
  return { weights: parametersOf(checkpoint), tokens: Math.max(...batches) * tokens };
}
