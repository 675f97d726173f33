/** What a run will do, known before it starts: its blocks, its batches, its steps. */
import type { TrainingConfig } from '../../../shared/contract/training-config.ts';
import { lorikeetError } from '../../../shared/errors/lorikeet-error.ts';
import type { Block } from '../batch/block.ts';
import type { LoadedData } from '../batch/loaded-data.ts';
import { batches } from '../batch/sampler.ts';
import { tellBeyondContext, tellSequences, tellTooLong } from '../batch/tell.ts';
import type { DataFile } from '../dataset/read-data.ts';
import { splitExamples } from '../dataset/split.ts';
import type { Task } from '../task/task.ts';

export type TrainingData = {
  blocks: Block[];
  validation: Block[];
  /** What a person should know of the data, in sentences. */
  notices: string[];
};

/** A data file in tokens. */
export type EncodedFile = Pick<LoadedData, 'encoded' | 'notices'>;

/**
 * Splits the data, which `read` gives as tokens, and arranges it in blocks. All sequences of an example are on one side of the split.
 * @param contextLength positions that the model was made for
 * @throws what is wrong with the files (dataset/*)
 */
export async function trainingData(
  config: TrainingConfig,
  read: (file: DataFile) => Promise<EncodedFile>,
  contextLength: number,
  task: Task,
): Promise<TrainingData> {
  const { data, columns, validation, sequenceLength, seed } = config;
  const file = await read({ path: data, columns });
  const other = validation.kind === 'file' ? await read({ path: validation.path, columns }) : null;
  const parts =
    validation.kind === 'split'
      ? splitExamples(file.encoded, validation.fraction, seed, data)
      : { train: file.encoded, validation: other?.encoded ?? [] };
  const train = task.arrange(parts.train.flat(), sequenceLength);
  const held = task.arrange(parts.validation.flat(), sequenceLength);
  if (train.blocks.length === 0) {
    const examples = parts.train.length;
    throw lorikeetError('dataset/all-too-long', { path: data, examples, sequenceLength });
  }
  if (held.blocks.length === 0 && validation.kind !== 'none') {
    const path = validation.kind === 'file' ? validation.path : data;
    const examples = parts.validation.length;
    throw lorikeetError('dataset/no-validation', { path, examples, sequenceLength });
  }
  return {
    blocks: train.blocks,
    validation: held.blocks,
    notices: [
      ...file.notices,
      ...(other === null || other === file ? [] : other.notices),
      ...tellSequences(parts.train),
      ...tellTooLong(parts.train, train.tooLong, sequenceLength),
      ...tellTooLong(parts.validation, held.tooLong, sequenceLength, 'for validation '),
      ...tellBeyondContext([...parts.train, ...parts.validation], sequenceLength, contextLength),
    ],
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
