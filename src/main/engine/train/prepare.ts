/** From configurations and an opened model to everything that training needs, before anything is computed. */
import type { TrainingConfig } from '../../../shared/contract/training-config.ts';
import { lorikeetError } from '../../../shared/errors/lorikeet-error.ts';
import { loadGeneralText, type GeneralText } from '../batch/general-text.ts';
import { mostLosses } from '../batch/most-losses.ts';
import type { Architecture } from '../model/architecture.ts';
import type { ComputeType } from '../model/base-weights.ts';
import { checkPositions } from '../checkpoint/check-positions.ts';
import { describeCheckpoint } from '../checkpoint/describe.ts';
import type { Checkpoint } from '../checkpoint/checkpoint.ts';
import type { DataFile } from '../dataset/read-data.ts';
import { elements } from '../graph/shape.ts';
import { layOut, trainableParameters } from '../lora/layout.ts';
import { resolveTargets } from '../lora/targets.ts';
import type { Task } from '../task/task.ts';
import type { Tokenizer } from '../tokenizer/tokenizer.ts';
import { planSteps, trainingData, type EncodedFile, type Plan, type TrainingData } from './plan.ts';
import type { TrainProgramOptions } from './program.ts';
import { tellWarmUp } from './tell-warm-up.ts';
import { sharedSettings } from './variants.ts';

/** One adapter's run. */
export type PreparedRun = {
  config: TrainingConfig;
  data: TrainingData;
  plan: Plan;
  /** What a person should know of its data and its steps, in sentences. */
  notices: string[];
  trainableParameters: number;
  totalParameters: number;
};

export type Preparation = {
  runs: PreparedRun[];
  /** What all of them are held against; null where forgetting is not measured. */
  general: GeneralText | null;
  /** But for where XLA compiles. */
  options: Omit<TrainProgramOptions, 'fusion'>;
};

type Model = {
  checkpoint: Checkpoint;
  /** With the head that is trained. */
  architecture: Architecture;
  tokenizer: Tokenizer;
  computeType: ComputeType;
};

/**
 * Checks the adapters' settings against the model and each other, reads and packs the data.
 * @param configs one for each adapter
 * @throws train/variants-differ, train/no-router, lora/*, dataset/*, tokenizer/*
 */
export async function prepareTraining(
  configs: readonly TrainingConfig[],
  task: Task,
  { checkpoint, architecture, tokenizer, computeType }: Model,
): Promise<Preparation> {
  const { batchSize, sequenceLength, generalText, ...settings } = sharedSettings(configs);
  if (task.kind === 'causal-lm') checkPositions(checkpoint, sequenceLength);
  for (const { model, routerLoss } of configs) {
    if (routerLoss > 0 && !architecture.experts)
      throw lorikeetError('train/no-router', { path: model, value: routerLoss });
  }
  const targets = configs.map(({ lora }) => resolveTargets(architecture, lora));
  const layout = layOut(targets, task.wholes);
  const longest = Math.min(sequenceLength, architecture.config.maxPositionEmbeddings);
  const read = readOnce((file) => task.load(file, tokenizer, longest));
  const parameters = describeCheckpoint(checkpoint).parameters - ownHeadSize(checkpoint, task);
  const runs: PreparedRun[] = [];
  for (const [index, config] of configs.entries()) {
    const data = await trainingData(config, read, checkpoint.config.maxPositionEmbeddings, task);
    const placed = layout.adapters[index] ?? { slots: [], wholes: [], begin: 0, end: 0 };
    const plan = planSteps(config, data.blocks.length);
    runs.push({
      ...{ config, data, plan, notices: [...data.notices, ...tellWarmUp(config, plan)] },
      trainableParameters: trainableParameters(placed),
      totalParameters: parameters + placed.end - placed.begin,
    });
  }
  const rows = Math.min(batchSize, Math.max(...runs.map(({ data }) => data.blocks.length)));
  const { keep, dropout, weightDecay, maxGradNorm } = settings;
  const general =
    task.kind === 'causal-lm' ? await loadGeneralText(generalText, tokenizer, longest) : null;
  return {
    runs,
    general,
    options: {
      ...{ architecture, task, layout, computeType },
      ...sizes(task, runs, rows, sequenceLength),
      ...(general && generalSize(task, general, rows * runs.length)),
      ...{ keep, dropout, weightDecay, maxGradNorm },
    },
  };
}

/** Numbers in the model's own files of what is trained whole: they are counted with the adapter. */
function ownHeadSize({ tensors }: Checkpoint, { wholes }: Task): number {
  const shapes = wholes.map(({ path }) => tensors.get(path)?.shape);
  return shapes.reduce((sum, shape) => sum + (shape ? elements(shape) : 0), 0);
}

/** A batch has as many rows for each adapter, and room for the loss of the fullest blocks. */
function sizes(
  task: Task,
  runs: readonly PreparedRun[],
  rows: number,
  length: number,
): Pick<TrainProgramOptions, 'shape' | 'capacity'> {
  const losses = runs.reduce(
    (sum, { data }) => sum + mostLosses([...data.blocks, ...data.validation], rows),
    0,
  );
  return { shape: { rows: rows * runs.length, length }, capacity: task.capacityFor(losses) };
}

function generalSize(
  task: Task,
  { blocks }: GeneralText,
  rows: number,
): Pick<TrainProgramOptions, 'generalCapacity'> {
  return { generalCapacity: task.capacityFor(mostLosses(blocks, rows)) };
}

/** Reads a data file as tokens, each file once. */
function readOnce(
  read: (file: DataFile) => Promise<EncodedFile>,
): (file: DataFile) => Promise<EncodedFile> {
  const files = new Map<string, EncodedFile>();
  return async (file) => {
    const key = JSON.stringify(file);
    const encoded = files.get(key) ?? (await read(file));
    files.set(key, encoded);
    return encoded;
  };
}
