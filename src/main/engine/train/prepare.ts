/** From a configuration and an opened model to everything that a run needs, before anything is computed. */
import type { TrainingConfig } from '../../../shared/contract/training-config.ts';
import type { ComputeType } from '../model/base-weights.ts';
import { describeCheckpoint, type Checkpoint } from '../checkpoint/checkpoint.ts';
import type { Fusion } from '../graph/island.ts';
import { layOut, trainableParameters } from '../lora/layout.ts';
import { resolveTargets } from '../lora/targets.ts';
import { lossCapacity } from '../score/loss.ts';
import type { Tokenizer } from '../tokenizer/tokenizer.ts';
import { planSteps, trainingData, type Plan, type TrainingData } from './plan.ts';
import type { TrainProgramOptions } from './program.ts';
import { mostLearnt } from './trainer.ts';

export type Preparation = {
  data: TrainingData;
  plan: Plan;
  options: TrainProgramOptions;
  trainableParameters: number;
  totalParameters: number;
};

type Model = { checkpoint: Checkpoint; tokenizer: Tokenizer; computeType: ComputeType };

/**
 * Checks the adapter settings against the model, reads and packs the data.
 * @throws lora/*, dataset/*, tokenizer/*
 */
export async function prepareTraining(
  config: TrainingConfig,
  { checkpoint, tokenizer, computeType }: Model,
  fusion: Fusion,
): Promise<Preparation> {
  const layout = layOut([resolveTargets(checkpoint.config, config.lora)]);
  const data = await trainingData(config, tokenizer);
  const rows = Math.min(config.batchSize, data.blocks.length);
  return {
    data,
    plan: planSteps(config, data.blocks.length),
    options: {
      config: checkpoint.config,
      layout,
      shape: { rows, length: config.sequenceLength },
      capacity: lossCapacity(mostLearnt([...data.blocks, ...data.validation], rows)),
      computeType,
      fusion,
      keep: config.keep,
      dropout: config.lora.dropout,
      weightDecay: config.weightDecay,
      maxGradNorm: config.maxGradNorm,
    },
    trainableParameters: layout.adapters.reduce((sum, each) => sum + trainableParameters(each), 0),
    totalParameters: describeCheckpoint(checkpoint).parameters + layout.size,
  };
}
