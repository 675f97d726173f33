/** `train.estimate`: what a run would need, without running it. */
import type {
  EngineContext,
  EngineRequest,
  EngineResponse,
} from '../../../shared/contract/engine.ts';
import { fusionOfDevice } from '../policy.ts';
import { estimateMemory } from '../train/memory.ts';
import { prepareTraining } from '../train/prepare.ts';
import { availableMemory } from './device.ts';
import { tellAll, withModel } from './open-model.ts';
import { trainingTask } from './training-task.ts';

export function estimate(
  { config }: EngineRequest<'train.estimate'>,
  context: EngineContext,
): Promise<EngineResponse<'train.estimate'>> {
  const { model: path, precision, thinking } = config;
  const source = { model: path, adapters: [], precision, thinking };
  return withModel(source, context, async (model) => {
    const { task, architecture, notices } = await trainingTask([config], model.checkpoint);
    const opened = { ...model, architecture };
    const { runs, options } = await prepareTraining([config], task, opened, fusionOfDevice());
    const [run] = runs;
    if (!run) throw new RangeError('a configuration without a run');
    tellAll(context, [...model.notices, ...notices, ...run.data.notices]);
    return {
      memory: estimateMemory(options),
      freeMemoryBytes: availableMemory(),
      totalSteps: run.plan.totalSteps,
      trainableParameters: run.trainableParameters,
      totalParameters: run.totalParameters,
    };
  });
}
