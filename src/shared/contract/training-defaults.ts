/** The settings of a new run, in a file without schemas: the window does not carry zod. */
import type { TrainingConfig } from './training-config.ts';

/** What a new run starts from, in the window and on the command line. */
export const trainingDefaults = {
  lora: {
    rank: 8,
    alpha: 16,
    rankPattern: {},
    alphaPattern: {},
    useRslora: false,
    useDora: false,
    init: 'default',
    loraPlusRatio: 1,
    dropout: 0,
    targets: 'all-linear',
  },
  duration: { kind: 'epochs', epochs: 1 },
  batchSize: 4,
  gradientAccumulation: 1,
  sequenceLength: 512,
  learningRate: 2e-4,
  scheduler: 'cosine',
  warmupSteps: 10,
  weightDecay: 0,
  maxGradNorm: 1,
  precision: 'auto',
  keep: 'products',
  seed: 0,
} as const satisfies Omit<TrainingConfig, 'name' | 'model' | 'data' | 'validation'>;
