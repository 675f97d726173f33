/** The whole configuration of a run, as the window and the command line send it and the store keeps it. */
import { z } from 'zod';

/** A column of the layer × module grid: one linear module, and the layers where it gets an adapter. */
const target = z.object({
  module: z.string().min(1),
  layers: z.union([z.literal('all'), z.array(z.int().nonnegative()).min(1)]),
});

/** First values: A random and B 0; or A and B from the base matrix's strongest directions (PiSSA) or its QR (OLoRA). */
export const initialisation = z.enum(['default', 'gaussian', 'pissa', 'olora']);

/** Values by module: keys are regular expressions for the end of a module path, the first that matches counts. */
const patternOf = <T extends z.ZodType>(value: T) => z.record(z.string().min(1), value);

/** What a LoRA adapter looks like: ΔW = (alpha / rank) · B·A in each target. */
export const loraSettings = z.object({
  rank: z.int(),
  alpha: z.number().positive(),
  rankPattern: patternOf(z.int()).default({}),
  alphaPattern: patternOf(z.number().positive()).default({}),
  /** Scaling alpha / √rank instead of alpha / rank. */
  useRslora: z.boolean().default(false),
  /** Trains the length of each row of the matrix apart from its direction. */
  useDora: z.boolean().default(false),
  init: initialisation.default('default'),
  /** LoRA+: B learns this many times faster than A. */
  loraPlusRatio: z.number().positive().default(1),
  /** Probability with which an input of the adapter path is dropped while training. */
  dropout: z.number().min(0).lt(1),
  targets: z.union([z.literal('all-linear'), z.array(target).min(1)]),
});

const validationSource = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('none') }),
  z.object({ kind: z.literal('file'), path: z.string().min(1) }),
  z.object({ kind: z.literal('split'), fraction: z.number().gt(0).lt(1) }),
]);

const duration = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('epochs'), epochs: z.number().positive() }),
  z.object({ kind: z.literal('steps'), steps: z.int().positive() }),
]);

export const scheduler = z.enum(['cosine', 'linear', 'constant']);
export const precision = z.enum(['auto', 'float32', 'bfloat16']);
/** What is kept for the backward pass: less memory, more computing, from left to right. */
export const keepPolicy = z.enum(['all', 'products', 'inputs']);

export const trainingConfig = z.object({
  name: z.string(),
  /** A `.gguf` file or a Hugging Face directory. */
  model: z.string().min(1),
  /** A JSONL file. */
  data: z.string().min(1),
  validation: validationSource,
  lora: loraSettings,
  duration,
  /** Packed blocks in one forward and backward pass. */
  batchSize: z.int().positive(),
  /** Passes whose gradients are summed before one update. */
  gradientAccumulation: z.int().positive(),
  /** Tokens in a block. */
  sequenceLength: z.int().min(8),
  learningRate: z.number().positive(),
  scheduler,
  warmupSteps: z.int().nonnegative(),
  weightDecay: z.number().nonnegative(),
  /** Global gradient norm above which gradients are scaled down; 0 never clips. */
  maxGradNorm: z.number().nonnegative(),
  precision,
  keep: keepPolicy.default('products'),
  seed: z.int().nonnegative(),
});

export type Target = z.output<typeof target>;
export type LoraSettings = z.output<typeof loraSettings>;
export type TrainingConfig = z.output<typeof trainingConfig>;
export type Scheduler = z.output<typeof scheduler>;
export type Initialisation = z.output<typeof initialisation>;
export type KeepPolicy = z.output<typeof keepPolicy>;
export type Precision = z.output<typeof precision>;
