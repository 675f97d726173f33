/** What a run will do, known before it starts: its blocks, its batches, its steps. */
import type { TrainingConfig } from '../../../shared/contract/training-config.ts';
import { lorikeetError } from '../../../shared/errors/lorikeet-error.ts';
import type { Block } from '../batch/block.ts';
import type { EncodedExample } from '../batch/encoded-example.ts';
import { packBlocks } from '../batch/pack.ts';
import { batches } from '../batch/sampler.ts';
import { splitExamples } from '../dataset/split.ts';

export type TrainingData = {
  blocks: Block[];
  validation: Block[];
  /** Examples left out because they are longer than a block. */
  tooLong: number;
};

/** Splits and packs the data, which `read` gives as tokens. Throws what is wrong with the files (dataset/*). */
export async function trainingData(
  config: TrainingConfig,
  read: (path: string) => Promise<EncodedExample[]>,
): Promise<TrainingData> {
  const { data, validation, sequenceLength, seed } = config;
  const encoded = await read(data);
  const parts =
    validation.kind === 'split'
      ? splitExamples(encoded, validation.fraction, seed, data)
      : {
          train: encoded,
          validation: validation.kind === 'file' ? await read(validation.path) : [],
        };
  const train = packBlocks(parts.train, sequenceLength);
  const held = packBlocks(parts.validation, sequenceLength);
  if (train.blocks.length === 0) {
    throw lorikeetError('dataset/all-too-long', {
      path: data,
      examples: encoded.length,
      sequenceLength,
    });
  }
  return {
    blocks: train.blocks,
    validation: held.blocks,
    tooLong: train.tooLong.length + held.tooLong.length,
  };
}

export type Plan = { totalSteps: number; stepsPerEpoch: number };

export function planSteps(config: TrainingConfig, blockCount: number): Plan {
  const microBatches = Math.ceil(blockCount / config.batchSize);
  const stepsPerEpoch = Math.ceil(microBatches / config.gradientAccumulation);
  const { duration } = config;
  const totalSteps =
    duration.kind === 'steps'
      ? duration.steps
      : Math.max(1, Math.round(duration.epochs * stepsPerEpoch));
  return { totalSteps, stepsPerEpoch };
}

/** The micro-batches of one step (from 0): block numbers, in the order that seed and epoch give. */
export function microBatchesOf(
  config: TrainingConfig,
  plan: Plan,
  blockCount: number,
  step: number,
): number[][] {
  const epoch = Math.floor(step / plan.stepsPerEpoch);
  const order = batches(blockCount, config.batchSize, config.seed, epoch);
  const begin = (step % plan.stepsPerEpoch) * config.gradientAccumulation;
  return order.slice(begin, begin + config.gradientAccumulation);
}
