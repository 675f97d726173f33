/** What the store keeps and the window shows. Times are milliseconds since 1970, sizes bytes, losses nats per token. */
import { z } from 'zod';
import { labelKinds, tasks } from '../tasks.ts';
import { baseForms } from '../base-forms.ts';
import { keysOf } from '../settings/setting.ts';
import { problem } from '../errors/problem.ts';
import { exportOrigin } from './origin.ts';
import { trainingConfig } from './training-config.ts';

/** A kind of linear layer in the transformer layers. Its weight is [out, in]. */
const linearModule = z.object({
  name: z.string(),
  /**
   * Its path in the model, with {layer} for the number of the layer: 'model.layers.{layer}.self_attn.q_proj'. One that every
   * expert has says {expert}, too.
   */
  path: z.string(),
  in: z.int(),
  out: z.int(),
  /** How many of it a layer has: one, or one for each expert. */
  copies: z.int().min(1).default(1),
  /** The layers that have it; null for all. */
  inLayers: z.array(z.int()).nullable().default(null),
  /** It says where tokens go: adapted only where a person names it. */
  gate: z.boolean().default(false),
});

const taskKind = z.enum(keysOf(tasks));

export const labelKind = z.enum(keysOf(labelKinds));

/** What a classifier tells apart: the names of its classes, or that of its value. */
const labels = z.object({ problem: labelKind, names: z.array(z.string()) });

/** `pairs`: it learnt from pairs of texts, not from single ones. */
export const learntLabels = labels.extend({ pairs: z.boolean() });

export const modelDescription = z.object({
  format: z.enum(['gguf', 'huggingface']),
  /** `model_type` in config.json: 'llama'. */
  architecture: z.string(),
  parameters: z.int(),
  layers: z.int(),
  hiddenSize: z.int(),
  vocabSize: z.int(),
  contextLength: z.int(),
  /** Tensor types in the file, most bytes first: ['Q4_1', 'Q8_0', 'F32']. */
  storedAs: z.array(z.string()),
  fileBytes: z.int(),
  /** Target modules in the order of the forward pass. */
  modules: z.array(linearModule),
  hasChatTemplate: z.boolean(),
  /** What it can be trained for, the usual first. */
  tasks: z.array(taskKind).min(1),
  /** What it tells apart by itself; null for a model without such a head. */
  labels: labels.nullable(),
});

export const modelRecord = z.object({
  id: z.int(),
  name: z.string(),
  path: z.string(),
  description: modelDescription,
  addedAt: z.number(),
});

/** How a run held its base. The forms nf4 and int8 change its values. */
export const heldBase = z.object({
  form: z.enum(keysOf(baseForms)),
  /** Of nf4: whether its scales are quantised, too. */
  doubleQuant: z.boolean(),
});

/**
 * 'paused' goes on when it is asked to, 'interrupted' lost its process. Both from their last checkpoint, or from the beginning
 * where there is none.
 */
const runState = z.enum([
  ...['queued', 'preparing', 'running', 'paused', 'interrupted'] as const,
  ...['finished', 'stopped', 'failed'] as const,
]);

/** Where a run can be taken up again: a folder, and the steps that are done in it. */
export const runCheckpoint = z.object({ path: z.string(), step: z.int(), at: z.number() });

/** The validation that was best so far; losses in nats per token. */
export const bestValidation = z.object({ step: z.int(), loss: z.number() });

/**
 * What a run cost the model of what it could do before: the loss on a general text of the base alone, and with the adapter that was
 * written; null until then, and where it is no finite number. `path` is null for the text that comes with Lorikeet.
 */
export const forgetting = z.object({
  path: z.string().nullable(),
  /** Tokens that were predicted. */
  tokens: z.int(),
  before: z.number(),
  after: z.number().nullable(),
});

/** What a run changed of itself under way, in a sentence: less memory after it ran out. */
export const runChange = z.object({ step: z.int(), text: z.string() });

/**
 * Who or what a run waits for: a person who paused it, the next start of the studio, a problem to be seen to; or only for its turn to
 * write the adapter of its checkpoint, since it was asked to stop.
 */
const heldBy = z.enum(['person', 'quit', 'problem', 'stop']);

export const runRecord = z.object({
  id: z.int(),
  name: z.string(),
  state: runState,
  config: trainingConfig,
  createdAt: z.number(),
  startedAt: z.number().nullable(),
  finishedAt: z.number().nullable(),
  step: z.int(),
  totalSteps: z.int().nullable(),
  lastLoss: z.number().nullable(),
  lastValidationLoss: z.number().nullable(),
  trainableParameters: z.int().nullable(),
  totalParameters: z.int().nullable(),
  /** What it learns to tell apart, known when it is prepared; null for other tasks. */
  labels: learntLabels.nullable(),
  /** How its base is held, known when it is prepared. */
  base: heldBase.nullable(),
  peakMemoryBytes: z.int().nullable(),
  adapterId: z.int().nullable(),
  /** Where the adapter is or will be written: that of the best validation where there was one. */
  output: z.string(),
  problem: problem.nullable(),
  /** The latest, while the run is not over. */
  checkpoint: runCheckpoint.nullable(),
  /** In which it writes its checkpoints; null until it has begun. */
  checkpointFolder: z.string().nullable(),
  best: bestValidation.nullable(),
  /** Null where it is not measured, and before it is. */
  forgetting: forgetting.nullable(),
  /** What a person has written down about it. */
  notes: z.string(),
  tags: z.array(z.string()),
  /** The folder with the adapter of the last step, where that of the best validation is another. */
  last: z.string().nullable(),
  /** It ended before its last step, for want of improvement. */
  early: z.boolean(),
  changes: z.array(runChange),
  /** What there was to say about it without stopping: each sentence once, in the order they came. */
  notices: z.array(z.string()),
  /** The first of those that are trained at once over one base; null for a run by itself. */
  groupId: z.int().nullable(),
  /** The first of those that it was begun with, which differ in a few settings; null for a run by itself. */
  seriesId: z.int().nullable(),
  /** Of those that are trained at once with it the worse half ends at every rung (shared/halving.ts). */
  halving: z.boolean(),
  /** Its place in the queue: lower goes first; null once it has begun. */
  queueOrder: z.number().nullable(),
  /** It is not begun before then. */
  notBefore: z.number().nullable(),
  /** Of a paused run; null for others. */
  heldBy: heldBy.nullable(),
});

export const adapterRecord = z.object({
  id: z.int(),
  name: z.string(),
  path: z.string(),
  runId: z.int().nullable(),
  /** The base model's path when it was trained. */
  model: z.string(),
  rank: z.int(),
  alpha: z.number(),
  parameters: z.int(),
  /** What it tells apart; null for an adapter that answers. */
  labels: learntLabels.nullable(),
  /** How its base was held while it learnt; null for a blend of adapters that learnt on different values of it. */
  base: heldBase.nullable(),
  createdAt: z.number(),
});

/** What was written of adapters for other programs; what it is and when it was made is in its origin. */
export const exportRecord = z.object({ id: z.int(), path: z.string(), origin: exportOrigin });

/** What a text is, or a pair of texts. */
export const classification = z.object({
  problem: labelKind,
  /** The class, the classes, or none of a value. */
  labels: z.array(z.string()),
  /** Each class with its probability; of a value the value. */
  scores: z.array(z.object({ label: z.string(), score: z.number(), logit: z.number() })),
  /** Tokens of the text that were left out to fit. */
  cut: z.int(),
});

export type LinearModule = z.output<typeof linearModule>;
export type LearntLabels = z.output<typeof learntLabels>;
export type ModelDescription = z.output<typeof modelDescription>;
export type ModelRecord = z.output<typeof modelRecord>;
export type HeldBase = z.output<typeof heldBase>;
export type RunState = z.output<typeof runState>;
export type RunCheckpoint = z.output<typeof runCheckpoint>;
export type BestValidation = z.output<typeof bestValidation>;
export type Forgetting = z.output<typeof forgetting>;
export type RunChange = z.output<typeof runChange>;
export type RunRecord = z.output<typeof runRecord>;
export type AdapterRecord = z.output<typeof adapterRecord>;
export type ExportRecord = z.output<typeof exportRecord>;
export type Classification = z.output<typeof classification>;
