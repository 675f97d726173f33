/** The options of `lorikeet train`, and the run that they describe. */
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { z } from 'zod';
import type { LinearModule } from '../shared/contract/records.ts';
import {
  initialisation,
  keepPolicy,
  precision,
  scheduler,
  type LoraSettings,
  type TrainingConfig,
} from '../shared/contract/training-config.ts';
import { trainingDefaults } from '../shared/contract/training-defaults.ts';
import { precisionOption } from './model-options.ts';
import {
  integer,
  layerList,
  nameList,
  nonNegativeNumber,
  number,
  numberByModule,
  positiveNumber,
} from './options.ts';

/** Adds all options that describe a run. Their defaults are those of the window. */
export function addTrainingOptions(command: Command): Command {
  const d = trainingDefaults;
  return command
    .option('--validation <FILE>', 'JSONL file of examples that are not trained on')
    .option('--validation-split <share>', 'share of the data to set aside instead: 0.1')
    .option('--rank <N>', 'rank of the adapter', String(d.lora.rank))
    .option('--alpha <X>', 'the adapter is scaled by alpha / rank', String(d.lora.alpha))
    .option(
      '--dropout <share>',
      'share of the adapter inputs dropped in training',
      String(d.lora.dropout),
    )
    .option(
      '--target-modules <names>',
      'all-linear, or names such as q_proj,v_proj',
      d.lora.targets,
    )
    .option(
      '--layers <range>',
      'layers that get an adapter, such as 0-29 or 0,2,5-7 (default: all)',
    )
    .option('--rslora', 'scale by alpha / √rank, so that high ranks keep their strength')
    .option('--dora', 'also train the length of each row of the weights (DoRA)')
    .option('--init <name>', 'first values: default, gaussian, pissa or olora', d.lora.init)
    .option(
      '--lora-plus-ratio <X>',
      'B learns this many times faster than A (LoRA+)',
      String(d.lora.loraPlusRatio),
    )
    .option('--rank-pattern <JSON>', 'ranks of single modules: {"q_proj": 4}')
    .option('--alpha-pattern <JSON>', 'alphas of single modules: {"q_proj": 8}')
    .option('--epochs <X>', `passes over the data (default: ${d.duration.epochs})`)
    .option('--max-steps <N>', 'number of steps instead of epochs')
    .option('--batch-size <N>', 'packed blocks in one pass', String(d.batchSize))
    .option('--gradient-accumulation <N>', 'passes in one step', String(d.gradientAccumulation))
    .option('--sequence-length <N>', 'tokens in a block', String(d.sequenceLength))
    .option('--learning-rate <X>', 'highest learning rate', String(d.learningRate))
    .option('--scheduler <name>', 'cosine, linear or constant', d.scheduler)
    .option('--warmup-steps <N>', 'steps in which the learning rate rises', String(d.warmupSteps))
    .option('--weight-decay <X>', "AdamW's weight decay", String(d.weightDecay))
    .option(
      '--max-grad-norm <X>',
      'gradients are scaled down to this norm; 0 never',
      String(d.maxGradNorm),
    )
    .option(...precisionOption)
    .option('--keep <what>', 'kept for the backward pass: all, products or inputs', d.keep)
    .option('--seed <N>', 'seed of all random choices', String(d.seed))
    .option('--name <TEXT>', 'name of the run')
    .option(
      '--variants <FILE>',
      'JSON list of runs to train at once over one base: [{"rank": 4}, {"rank": 16}]',
    );
}

const share = number('a number between 0 and 1', (value) => value > 0 && value < 1);

export const trainingOptions = z.object({
  model: z.string().min(1),
  data: z.string().min(1),
  output: z.string().min(1).optional(),
  validation: z.string().min(1).optional(),
  validationSplit: share.optional(),
  rank: integer(),
  alpha: positiveNumber,
  dropout: number('0 or a number below 1', (value) => value >= 0 && value < 1),
  targetModules: nameList,
  layers: layerList.optional(),
  rslora: z.boolean().default(false),
  dora: z.boolean().default(false),
  init: initialisation,
  loraPlusRatio: positiveNumber,
  rankPattern: numberByModule('{"q_proj": 4}', Number.isSafeInteger).optional(),
  alphaPattern: numberByModule('{"q_proj": 8}', (value) => value > 0).optional(),
  epochs: positiveNumber.optional(),
  maxSteps: integer(1).optional(),
  batchSize: integer(1),
  gradientAccumulation: integer(1),
  sequenceLength: integer(8),
  learningRate: positiveNumber,
  scheduler,
  warmupSteps: integer(0),
  weightDecay: nonNegativeNumber,
  maxGradNorm: nonNegativeNumber,
  precision,
  keep: keepPolicy,
  seed: integer(0),
  name: z.string().default(''),
  variants: z.string().min(1).optional(),
  estimate: z.boolean().default(false),
  json: z.boolean().default(false),
});
export type TrainingOptions = z.output<typeof trainingOptions>;

/** Pairs of options of which only one can be meant. */
export const exclusiveOptions = [
  ['validation', 'validationSplit'],
  ['epochs', 'maxSteps'],
  ['estimate', 'variants'],
] as const;

/** The run that the options describe. `modules` are those of the model, for --layers with all-linear. */
export function trainingConfigOf(
  options: TrainingOptions,
  modules: readonly LinearModule[],
): TrainingConfig {
  const { validation, validationSplit, epochs, maxSteps } = options;
  return {
    name: options.name,
    model: options.model,
    data: resolve(options.data),
    validation:
      validation !== undefined
        ? { kind: 'file', path: resolve(validation) }
        : validationSplit !== undefined
          ? { kind: 'split', fraction: validationSplit }
          : { kind: 'none' },
    lora: loraSettingsOf(options, modules),
    duration:
      maxSteps !== undefined
        ? { kind: 'steps', steps: maxSteps }
        : { kind: 'epochs', epochs: epochs ?? trainingDefaults.duration.epochs },
    batchSize: options.batchSize,
    gradientAccumulation: options.gradientAccumulation,
    sequenceLength: options.sequenceLength,
    learningRate: options.learningRate,
    scheduler: options.scheduler,
    warmupSteps: options.warmupSteps,
    weightDecay: options.weightDecay,
    maxGradNorm: options.maxGradNorm,
    precision: options.precision,
    keep: options.keep,
    seed: options.seed,
  };
}

function loraSettingsOf(options: TrainingOptions, modules: readonly LinearModule[]): LoraSettings {
  const { rank, alpha, dropout, init, loraPlusRatio } = options;
  return {
    ...{ rank, alpha, dropout, init, loraPlusRatio },
    rankPattern: options.rankPattern ?? {},
    alphaPattern: options.alphaPattern ?? {},
    useRslora: options.rslora,
    useDora: options.dora,
    targets: targetsOf(options, modules),
  };
}

/** Whether the names are the word that stands for every linear module. */
export function namesAllLinear(names: readonly string[]): boolean {
  return names.length === 1 && names[0] === 'all-linear';
}

function targetsOf(
  { targetModules, layers }: TrainingOptions,
  modules: readonly LinearModule[],
): LoraSettings['targets'] {
  const all = namesAllLinear(targetModules);
  if (all && layers === undefined) return 'all-linear';
  const names = all ? modules.map(({ name }) => name) : targetModules;
  return names.map((module) => ({ module, layers: layers ?? 'all' }));
}
