/** A label and a word of help for every setting and figure, said the same way on every screen. */

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
  seed: { label: 'Seed', help: 'The same seed gives the same run again.' },
} as const satisfies Record<string, Term>;

export type SettingKey = keyof typeof settingTerms;

export const schedulerNames = {
  cosine: 'Cosine',
  linear: 'Linear',
  constant: 'Constant',
} as const;

export const precisionNames = {
  auto: 'Automatic',
  float32: 'float32',
  bfloat16: 'bfloat16',
} as const;
