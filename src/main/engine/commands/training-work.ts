/** How much is computed by runs that are trained together. */
import type { Work } from '../policy.ts';
import type { Preparation } from '../train/prepare.ts';

/** The steps of the longest; each batch has rows for all of them. */
export function trainingWork({ runs, options: { shape } }: Preparation): Work {
  const batches = runs.map(({ config, plan }) => plan.totalSteps * config.gradientAccumulation);
  return {
    weights: Math.max(...runs.map(({ totalParameters }) => totalParameters)),
    tokens: Math.max(...batches) * shape.rows * shape.length,
  };
}
