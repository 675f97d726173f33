/** The whole configuration of a run, as the window and the command line send it and the store keeps it. */
import { z } from 'zod';
import { mostWatched } from '../settings/watched.ts';
import { schemaOf, shapeOf } from '../settings/schema.ts';
import {
  adapterSettings,
  dataSettings,
  lengthSettings,
  taskSettings,
  trainingSettings,
} from '../settings/table.ts';

/** A column of the layer × module grid: one linear module, and the layers where it gets an adapter. */
const target = z.object({
  module: z.string().min(1),
  layers: z.union([z.literal('all'), z.array(z.int().nonnegative()).min(1)]),
});

/** What a LoRA adapter looks like: ΔW = (alpha / rank) · B·A in each target. */
export const loraSettings = z.object({
  ...shapeOf(adapterSettings),
  targets: z.union([z.literal('all-linear'), z.array(target).min(1)]),
});

export const validationSource = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('none') }),
  z.object({ kind: z.literal('file'), path: z.string().min(1) }),
  z.object({ kind: z.literal('split'), fraction: z.number().gt(0).lt(1) }),
]);

/** What forgetting is measured on: the text that comes with Lorikeet, a data file, or nothing. Classifiers have none. */
const generalText = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('own') }),
  z.object({ kind: z.literal('file'), path: z.string().min(1) }),
  z.object({ kind: z.literal('off') }),
]);

/** Prompts that are answered while it trains. Classifiers answer none. */
const watched = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('off') }),
  z.object({
    kind: z.literal('typed'),
    prompts: z.array(z.string().min(1)).min(1).max(mostWatched),
  }),
  /** So many questions of the validation data, evenly spread over it. */
  z.object({ kind: z.literal('validation'), count: z.int().min(1).max(mostWatched) }),
]);

const { epochs, steps } = lengthSettings;
export const duration = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('epochs'), epochs: schemaOf(epochs.kind) }),
  z.object({ kind: z.literal('steps'), steps: schemaOf(steps.kind) }),
]);

export const task = schemaOf(taskSettings.task.kind);
export const problem = schemaOf(taskSettings.problem.kind);
export const thinking = schemaOf(trainingSettings.thinking.kind);
export const scheduler = schemaOf(trainingSettings.scheduler.kind);
export const precision = schemaOf(trainingSettings.precision.kind);
export const keepPolicy = schemaOf(trainingSettings.keep.kind);

export const trainingConfig = z.object({
  name: z.string(),
  /** A `.gguf` file or a Hugging Face directory. */
  model: z.string().min(1),
  /** A file in one of the formats of `shared/data-formats.ts`. */
  data: z.string().min(1),
  ...shapeOf(taskSettings),
  ...shapeOf(dataSettings),
  validation: validationSource,
  /** The folder of an adapter whose values are the first ones; null for a new adapter. */
  fromAdapter: z.string().min(1).nullable().default(null),
  lora: loraSettings,
  duration,
  ...shapeOf(trainingSettings),
  generalText: generalText.default({ kind: 'own' }),
  watched: watched.default({ kind: 'off' }),
  /** The day on which the run started, as chat templates write it: '2026-11-26'. Not there before the start. */
  date: z.iso.date().optional(),
});

export type Target = z.output<typeof target>;
export type LoraSettings = z.output<typeof loraSettings>;
export type TrainingConfig = z.output<typeof trainingConfig>;
export type GeneralTextSource = TrainingConfig['generalText'];
export type Scheduler = z.output<typeof scheduler>;
export type Initialisation = LoraSettings['init'];
export type KeepPolicy = z.output<typeof keepPolicy>;
export type Thinking = z.output<typeof thinking>;
export type Precision = z.output<typeof precision>;
