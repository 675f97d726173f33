/**
 * Every training setting, once. The contract's parser, the options of the command line with their help, the form with its checks,
 * the rows of the run page, the differences in Compare, and what variants may vary all come from these rows.
 */
import { baseForms } from '../base-forms.ts';
import { labelKinds } from '../tasks.ts';
import { byModule, choice, notNegative, number, onOff, positive, whole, zeroMeans } from './kind.ts';
import { columnsKind } from './columns-kind.ts';
import { keepingSettings } from './keeping-settings.ts';
import { setting, type Scope, type Term } from './setting.ts';

/** What is learnt. */
export const taskSettings = {
  task: setting({
    label: 'Task',
    help: 'What is learnt: to write answers, or to tell texts apart by labels.',
    kind: choice({
      'causal-lm': 'Answers',
      'sequence-classification': 'Classification',
    }),
    default: 'causal-lm',
    flag: 'task',
    scope: 'program',
  }),
  problem: setting({
    label: 'Labels',
    help: 'What the labels of a classification are. Automatic sees it from the data.',
    kind: choice({
      auto: 'Automatic',
      single_label_classification: labelKinds.single_label_classification.label,
      multi_label_classification: labelKinds.multi_label_classification.label,
      regression: labelKinds.regression.label,
    }),
    default: 'auto',
    flag: 'problem',
    scope: 'program',
    task: 'sequence-classification',
  }),
};

/** How data files are read. */
export const dataSettings = {
  columns: setting({
    label: 'Columns',
    help: 'Columns of the data that are read under another name than their own.',
    kind: columnsKind,
    default: [],
    flag: 'map',
    scope: 'adapter',
  }),
};

/** `config.lora`: what an adapter looks like, ΔW = (alpha / rank) · B·A in each target, and how it begins. */
export const adapterSettings = {
  rank: setting({
    label: 'Rank',
    help: 'Size of the adapter. More rank can learn more, and takes more memory.',
    kind: whole(),
    default: 8,
    flag: 'rank',
    scope: 'adapter',
    bounds: 'rank',
  }),
  alpha: setting({
    label: 'Alpha',
    help: 'Strength of the adapter: its output is scaled by alpha / rank.',
    kind: positive,
    default: 16,
    flag: 'alpha',
    scope: 'adapter',
  }),
  dropout: setting({
    label: 'Dropout',
    help: 'Share of adapter inputs left out at random. Helps with little data.',
    kind: number({
      expected: 'a number from 0 to below 1',
      fits: (value) => value >= 0 && value < 1,
      max: 1,
      step: 0.05,
    }),
    default: 0,
    flag: 'dropout',
    scope: 'program',
  }),
  init: setting({
    label: 'Initialisation',
    help: 'Where the adapter starts: from nothing, from the directions strongest in the base model, or, with LoftQ, from what quantising took from it.',
    kind: choice({
      default: 'Random A, zero B',
      gaussian: 'Gaussian A, zero B',
      pissa: 'PiSSA',
      olora: 'OLoRA',
      loftq: 'LoftQ',
    }),
    default: 'default',
    flag: 'init',
    scope: 'adapter',
    folded: true,
  }),
  loraPlusRatio: setting({
    label: 'LoRA+ ratio',
    help: 'How many times faster B learns than A. 1 is plain LoRA.',
    kind: positive,
    default: 1,
    flag: 'lora-plus-ratio',
    scope: 'schedule',
    folded: true,
  }),
  useRslora: setting({
    label: 'Rank-stabilised scaling',
    help: 'Scales by alpha / √rank, so that high ranks keep their strength.',
    kind: onOff,
    default: false,
    flag: 'rslora',
    scope: 'adapter',
    folded: true,
  }),
  useDora: setting({
    label: 'DoRA',
    help: 'Also trains the length of each row of the weights. Slower, often a little better.',
    kind: onOff,
    default: false,
    flag: 'dora',
    scope: 'adapter',
    folded: true,
  }),
  rankPattern: setting({
    label: 'Own ranks',
    help: 'Ranks of single modules, by name.',
    kind: byModule(whole(), '{"q_proj": 4}'),
    default: {},
    flag: 'rank-pattern',
    scope: 'adapter',
    folded: true,
  }),
  alphaPattern: setting({
    label: 'Own alphas',
    help: 'Alphas of single modules, by name.',
    kind: byModule(positive, '{"q_proj": 8}'),
    default: {},
    flag: 'alpha-pattern',
    scope: 'adapter',
    folded: true,
  }),
};

/** `config.duration`: one of these says how long a run is. */
export const lengthSettings = {
  epochs: setting({
    label: 'Epochs',
    help: 'How often the whole data file is gone through.',
    kind: positive,
    default: 1,
    flag: 'epochs',
    scope: 'adapter',
  }),
  steps: setting({
    label: 'Steps',
    help: 'How many times the adapter is updated.',
    kind: whole(1),
    default: 100,
    flag: 'max-steps',
    scope: 'adapter',
  }),
};

/** The rest of `config`: blocks, optimiser and program. */
export const trainingSettings = {
  learningRate: setting({
    label: 'Learning rate',
    help: 'How far one update goes. Too high and the loss jumps; too low and it crawls.',
    kind: positive,
    default: 2e-4,
    flag: 'learning-rate',
    scope: 'schedule',
  }),
  batchSize: setting({
    label: 'Batch size',
    help: 'Blocks learnt from at once. More is steadier, and takes more memory.',
    kind: whole(1),
    default: 4,
    flag: 'batch-size',
    scope: 'program',
  }),
  sequenceLength: setting({
    label: 'Sequence length',
    help: 'Tokens in a block. Several short examples share one block.',
    unit: 'tokens',
    kind: whole(8),
    default: 512,
    flag: 'sequence-length',
    scope: 'program',
    bounds: 'sequenceLength',
  }),
  thinking: setting({
    label: 'Thinking',
    help: 'Whether the chat template asks for a thought before each answer. The adapter is asked the same way.',
    kind: choice({ auto: 'As the template does', on: 'Think', off: 'Do not think' }),
    default: 'auto',
    flag: 'thinking',
    scope: 'program',
    task: 'causal-lm',
    folded: true,
  }),
  gradientAccumulation: setting({
    label: 'Gradient accumulation',
    help: 'Batches summed into one update: a larger batch without the memory.',
    kind: whole(1),
    default: 1,
    flag: 'gradient-accumulation',
    scope: 'program',
    folded: true,
  }),
  scheduler: setting({
    label: 'Schedule',
    help: 'How the learning rate falls after the warm-up.',
    kind: choice({ cosine: 'Cosine', linear: 'Linear', constant: 'Constant' }),
    default: 'cosine',
    flag: 'scheduler',
    scope: 'schedule',
    folded: true,
  }),
  warmupSteps: setting({
    label: 'Warm-up steps',
    help: 'Steps in which the learning rate rises from 0.',
    kind: whole(0),
    default: 10,
    flag: 'warmup-steps',
    scope: 'schedule',
    folded: true,
  }),
  weightDecay: setting({
    label: 'Weight decay',
    help: 'Pulls adapter weights towards 0. Often left at 0.',
    kind: notNegative,
    default: 0,
    flag: 'weight-decay',
    scope: 'program',
    folded: true,
  }),
  maxGradNorm: setting({
    label: 'Gradient clipping',
    help: 'Longer gradients are cut to this length. 0 never cuts.',
    kind: zeroMeans('off', notNegative),
    default: 1,
    flag: 'max-grad-norm',
    scope: 'program',
    folded: true,
  }),
  routerLoss: setting({
    label: 'Router loss',
    help: 'How strongly the routers of a mixture are pushed to use all experts alike. 0 does not push them.',
    kind: { ...notNegative, say: (value) => (value === 0 ? null : notNegative.say(value)) },
    default: 0,
    flag: 'router-loss',
    scope: 'schedule',
    needs: 'experts',
    folded: true,
  }),
  precision: setting({
    label: 'Precision',
    help: 'Automatic takes bfloat16 where this processor computes it natively.',
    kind: choice({ auto: 'Automatic', float32: 'float32', bfloat16: 'bfloat16' }),
    default: 'auto',
    flag: 'precision',
    scope: 'program',
    folded: true,
  }),
  base: setting({
    label: 'Base in memory',
    help: 'How the weights of the base are held. Automatic takes the fastest form that fits; less memory costs a little time.',
    kind: choice({ auto: 'Automatic', ...baseForms }),
    default: 'auto',
    flag: 'base',
    scope: 'program',
    folded: true,
  }),
  doubleQuant: setting({
    label: 'Double quantisation',
    help: 'With NF4, the scales are quantised, too: 4.1 bits a weight instead of 4.5 in files, and a little less exact.',
    kind: { ...onOff, say: (value) => (value ? onOff.say(value) : null) },
    default: false,
    flag: 'double-quant',
    scope: 'program',
    needs: 'nf4',
    folded: true,
  }),
  keep: setting({
    label: 'Kept for the backward pass',
    help: 'Products and attention is fastest with long sequences; layer inputs only takes the least memory.',
    kind: choice({
      all: 'Products and attention',
      products: 'Matrix products',
      inputs: 'Layer inputs only',
    }),
    default: 'products',
    flag: 'keep',
    scope: 'program',
    folded: true,
  }),
  ...keepingSettings,
  seed: setting({
    label: 'Seed',
    help: 'The same seed gives the same run again.',
    kind: whole(0, String),
    default: 0,
    flag: 'seed',
    scope: 'adapter',
    folded: true,
  }),
};

/** What is picked from files and models, and so has a parser, options and a picker of its own. */
export const pickedSettings = {
  model: {
    label: 'Model',
    help: 'The base model. Its own weights never change.',
    scope: 'program',
  },
  data: { label: 'Data file', help: 'JSONL, JSON, CSV, TSV or Parquet: one example a line.', scope: 'adapter' },
  validation: {
    label: 'Validation',
    help: 'Examples kept out of training, to see whether it learns or memorises.',
    scope: 'adapter',
  },
  fromAdapter: {
    label: 'Starts from',
    help: 'A saved adapter that the run goes on from, in place of a new one.',
    scope: 'adapter',
  },
  generalText: {
    label: 'Forgetting',
    help: 'The loss on a general text before and after, which tells what the model forgets. Takes about as long as two steps.',
    scope: 'program',
  },
  watched: {
    label: 'Watched prompts',
    help: 'Prompts that are answered under way, so that one sees how the answers change. Training waits meanwhile.',
    scope: 'program',
  },
  targets: {
    label: 'Target modules',
    help: 'Where the model gets an adapter: linear layers of its transformer layers.',
    scope: 'adapter',
  },
} as const satisfies Record<string, Term & { scope: Scope }>;

const { targets, validation, fromAdapter, generalText, watched, ...files } = pickedSettings;
/** Everything that a configuration holds, in the order of the form. */
export const allSettings = {
  ...files,
  ...taskSettings,
  ...dataSettings,
  validation,
  fromAdapter,
  ...adapterSettings,
  targets,
  ...lengthSettings,
  ...trainingSettings,
  generalText,
  watched,
};
