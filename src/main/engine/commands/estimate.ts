/** `train.estimate`: what runs that are trained at once would need, without running them. */
import type {
  EngineContext,
  EngineRequest,
  EngineResponse,
} from '../../../shared/contract/engine.ts';
import { tellAll } from './open-model.ts';
import { withTraining } from './open-training.ts';
import { refuseIdle } from './refuse-idle.ts';
import { refusalOf } from './refuse-too-large.ts';

/** Errors: train/idle-setting, and those of `withTraining`. */
export async function estimate(
  { configs }: EngineRequest<'train.estimate'>,
  context: EngineContext,
): Promise<EngineResponse<'train.estimate'>> {
  refuseIdle(configs);
  return withTraining(configs, configs[0]?.date, context, (training) => {
    const { runs, free, held, notices } = training;
    const [run] = runs;
    if (!run) throw new RangeError('a configuration without a run');
    tellAll(context, [...notices.base, ...notices.others, ...run.notices]);
    return {
      base: held.base,
      aboutBase: [...notices.base],
      memory: held.memory(),
      freeMemoryBytes: free,
      refusal: refusalOf(training),
      totalSteps: run.plan.totalSteps,
      trainableParameters: run.trainableParameters,
      totalParameters: run.totalParameters,
    };
  });
}
