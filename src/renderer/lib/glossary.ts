/** A label and a word of help for every setting and figure, said the same way on every screen. */

import type {
  Initialisation,
  KeepPolicy,
  Precision,
  Scheduler,
} from '../../shared/contract/training-config.ts';

export type Term = { label: string; help: string };

/** Settings of a run, by the key of the configuration. */
export const settingTerms = {
  model: { label: 'Model', help: 'The base model. Its own weights never change.' },
  data: { label: 'Data file', help: 'JSONL: one example a line.' },
  validation: {
    label: 'Validation',
    help: 'Examples kept out of training, to see whether it learns or memorises.',
  },
  rank: {
    label: 'Rank',
    help: 'Size of the adapter. More rank can learn more, and takes more memory.',
  },
  alpha: {
    label: 'Alpha',
    help: 'Strength of the adapter: its output is scaled by alpha / rank.',
  },
  dropout: {
    label: 'Dropout',
    help: 'Share of adapter inputs left out at random. Helps with little data.',
  },
  init: {
    label: 'Initialisation',
    help: 'Where the adapter starts: from nothing, or from the directions strongest in the base model.',
  },
  useRslora: {
    label: 'Rank-stabilised scaling',
    help: 'Scales by alpha / √rank, so that high ranks keep their strength.',
  },
  useDora: {
    label: 'DoRA',
    help: 'Also trains the length of each row of the weights. Slower, often a little better.',
  },
  loraPlusRatio: {
    label: 'LoRA+ ratio',
    help: 'How many times faster B learns than A. 1 is plain LoRA.',
  },
  rankPattern: { label: 'Own ranks', help: 'Ranks of single modules, by name.' },
  alphaPattern: { label: 'Own alphas', help: 'Alphas of single modules, by name.' },
  targets: { label: 'Target modules', help: 'Where the model gets an adapter.' },
  epochs: { label: 'Epochs', help: 'How often the whole data file is gone through.' },
  steps: { label: 'Steps', help: 'How many times the adapter is updated.' },
  batchSize: {
    label: 'Batch size',
    help: 'Blocks learnt from at once. More is steadier, and takes more memory.',
  },
  gradientAccumulation: {
    label: 'Gradient accumulation',
    help: 'Batches summed into one update: a larger batch without the memory.',
  },
  sequenceLength: {
    label: 'Sequence length',
    help: 'Tokens in a block. Several short examples share one block.',
  },
  learningRate: {
    label: 'Learning rate',
    help: 'How far one update goes. Too high and the loss jumps; too low and it crawls.',
  },
  scheduler: { label: 'Schedule', help: 'How the learning rate falls after the warm-up.' },
  warmupSteps: { label: 'Warm-up steps', help: 'Steps in which the learning rate rises from 0.' },
  weightDecay: { label: 'Weight decay', help: 'Pulls adapter weights towards 0. Often left at 0.' },
  maxGradNorm: {
    label: 'Gradient clipping',
    help: 'Longer gradients are cut to this length. 0 never cuts.',
  },
  precision: {
    label: 'Precision',
    help: 'Automatic takes bfloat16 where this processor computes it natively.',
  },
  keep: {
    label: 'Kept for the backward pass',
    help: 'Products and attention is fastest with long sequences; layer inputs only takes the least memory.',
  },
  seed: { label: 'Seed', help: 'The same seed gives the same run again.' },
} as const satisfies Record<string, Term>;

/** Figures of an adapter's health, one a module; by the key of the reading. */
export const healthTerms = {
  deltaRatio: {
    label: 'Change of the weight, ‖ΔW‖ / ‖W‖',
    help: 'How large the change of a weight is beside the weight itself. A few per cent are usual; at 100 % it is as large.',
  },
  normA: {
    label: 'Size of A, ‖A‖',
    help: 'Length of all numbers of A together. A starts at random and moves little.',
  },
  normB: {
    label: 'Size of B, ‖B‖',
    help: 'Length of all numbers of B together. B mostly starts at 0: while it is 0, the adapter does nothing.',
  },
  gradientNorm: {
    label: 'Gradient norm',
    help: 'How strongly the last step pulled at a module, before clipping. A module that stays near 0 while others do not learns nothing.',
  },
} as const satisfies Record<string, Term>;

export type SettingKey = keyof typeof settingTerms;

export const schedulerNames = {
  cosine: 'Cosine',
  linear: 'Linear',
  constant: 'Constant',
} as const satisfies Record<Scheduler, string>;

export const precisionNames = {
  auto: 'Automatic',
  float32: 'float32',
  bfloat16: 'bfloat16',
} as const satisfies Record<Precision, string>;

export const initNames = {
  default: 'Random A, zero B',
  gaussian: 'Gaussian A, zero B',
  pissa: 'PiSSA',
  olora: 'OLoRA',
} as const satisfies Record<Initialisation, string>;

export const keepNames = {
  all: 'Products and attention',
  products: 'Matrix products',
  inputs: 'Layer inputs only',
} as const satisfies Record<KeepPolicy, string>;
