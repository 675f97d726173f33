/** From an opened training to a model in training: with first values, or with those of a checkpoint. */
import type { EngineContext } from '../../../shared/contract/engine.ts';
import { relativeLearningRates } from '../lora/learning-rates.ts';
import type { TrainingRun } from '../train/run-progress.ts';
import { Trainer } from '../train/trainer.ts';
import { tellWeights } from './open-model.ts';
import type { OpenTraining } from './open-training.ts';
import type { Beginning } from './resume-training.ts';
import { startParameters } from './start-parameters.ts';

/** Has to be disposed of. */
export function newTrainer(
  training: OpenTraining,
  { configs, state }: Pick<Beginning, 'configs' | 'state'>,
  runs: readonly TrainingRun[],
  context: EngineContext,
): Trainer {
  const { held } = training;
  const { checkpoint, options } = held;
  const ratios = configs.map(({ lora }) => lora.loraPlusRatio);
  const start = {
    parameters: state?.trainer.vectors.parameters ?? startParameters(training, configs, runs),
    relativeRates: relativeLearningRates(options.layout, ratios),
    seed: configs[0]?.seed ?? 0,
    routerLosses: configs.map(({ routerLoss }) => routerLoss),
  };
  const trainer = new Trainer(options, checkpoint, start, tellWeights(context), held.program());
  if (state) trainer.restore(state.trainer);
  return trainer;
}
