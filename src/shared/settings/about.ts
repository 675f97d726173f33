/** What a run is about, out of its configuration. */
import type { TrainingConfig } from '../contract/training-config.ts';
import type { About } from './needs.ts';

type Said = Pick<
  TrainingConfig,
  'task' | 'base' | 'patience' | 'checkpointEvery' | 'checkpointMinutes'
> & {
  validation: Pick<TrainingConfig['validation'], 'kind'>;
  watched: Pick<TrainingConfig['watched'], 'kind'>;
};

/** What the run of a configuration is about. @param experts whether its model has some */
export function aboutOf(config: Said, experts: boolean): About {
  const { task, base, validation, patience, watched } = config;
  const { checkpointEvery, checkpointMinutes } = config;
  return {
    ...{ task, experts, base, patience },
    prompts: watched.kind !== 'off',
    validated: validation.kind !== 'none',
    checkpoints: checkpointEvery > 0 || checkpointMinutes > 0,
  };
}
