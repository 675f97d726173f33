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
const labelKind = z.enum(keysOf(labelKinds));

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

/** A line of a data file that cannot be used, and why. Lines count from 1. */
const badLine = z.object({ line: z.int(), reason: z.string() });

/** What the numbers of a data file count: its lines, the items of a list, or the rows of a table. */
const rowUnit = z.enum(['line', 'item', 'row']);

/** A part of an example under its name. */
const examplePart = z.object({ name: z.string(), text: z.string() });

/** How often the labels of a data file occur. */
const labelCounts = z.discriminatedUnion('problem', [
  z.object({
    problem: labelKind.exclude(['regression']),
    /** In the order in which the head has them. */
    classes: z.array(z.object({ label: z.string(), examples: z.int() })),
    /** Examples of no class, where there can be several. */
    without: z.int(),
  }),
  z.object({
    problem: labelKind.extract(['regression']),
    least: z.number(),
    mean: z.number(),
    most: z.number(),
    /** Examples by value; bucket i counts values from least + i·width on, the last also `most`. */
    histogram: z.object({ width: z.number(), counts: z.array(z.int()) }),
  }),
]);

/** A line that says what line `of` says. */
const sameLine = z.object({ line: z.int(), of: z.int() });

/** A sequence as the model is given it, token by token; `left` tokens more are not shown. */
const shownSequence = z.object({
  line: z.int(),
  pieces: z.array(z.object({ text: z.string(), learnt: z.boolean(), special: z.boolean() })),
  left: z.int(),
});

export const dataReport = z.object({
  path: z.string(),
  unit: rowUnit,
  /** As the file names them, each with the beginning of its first value. */
  columns: z.array(z.object({ name: z.string(), sample: z.string() })),
  /** Which keys the lines have: 'messages', 'prompt/completion', 'instruction/input/output', 'text', 'text/label', or several. */
  formats: z.array(z.string()),
  examples: z.int(),
  badLines: z.array(badLine),
  /** The first examples as plain text, before tokens. */
  preview: z.array(
    z.object({ line: z.int(), given: z.array(examplePart), learnt: examplePart }),
  ),
  /** How many say what one before says, word for word, and the first of them. */
  repeats: z.object({ examples: z.int(), first: z.array(sameLine) }),
  /**
   * How many of those held back for validation say what is learnt from, too; `of` is the line that is learnt from. Null where
   * none are held back.
   */
  overlap: z
    .object({ examples: z.int(), held: z.int(), first: z.array(sameLine) })
    .nullable(),
  /** Of a classification with usable examples; null for all else. */
  labels: labelCounts.nullable(),
  /** What a person should know of the file, or of the model's tokenizer, in sentences. */
  notices: z.array(z.string()),
  /** Present when a model was named: lengths in its tokens. */
  tokens: z
    .object({
      /** More than examples where a chat template changes earlier parts of conversations: then each is about one sequence. */
      sequences: z.int(),
      total: z.int(),
      /** Tokens that are predicted; null where whole sequences are told apart. */
      learnt: z.int().nullable(),
      longest: z.int(),
      /** Sequences longer than the block. Training leaves answers out, and cuts texts that are told apart. */
      tooLong: z.int(),
      /** Tokens of what is learnt from in one epoch: without what is held back, left out or cut. */
      perEpoch: z.int(),
      /** Answers, and those without a token that ends them: what learns from these goes on and on. Null where none are learnt. */
      ends: z.object({ answers: z.int(), open: z.int() }).nullable(),
      /** The sequences of the first examples. */
      shown: z.array(shownSequence),
      /** Sequences per length bucket; bucket i counts lengths in [i·width, (i+1)·width). */
      histogram: z.object({ width: z.int(), counts: z.array(z.int()) }),
    })
    .nullable(),
});

export const datasetRecord = z.object({
  id: z.int(),
  name: z.string(),
  path: z.string(),
  examples: z.int(),
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
/** Who or what a run waits for: a person who paused it, the next start of the studio, or a problem to be seen to. */
const heldBy = z.enum(['person', 'quit', 'problem']);

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

export const stepPoint = z.object({
  step: z.int(),
  totalSteps: z.int(),
  epoch: z.number(),
  loss: z.number(),
  learningRate: z.number(),
  /** Global norm before clipping. */
  gradientNorm: z.number(),
  /** Tokens trained on so far, padding not counted. */
  tokens: z.int(),
  tokensPerSecond: z.number(),
  elapsedSeconds: z.number(),
  secondsLeft: z.number(),
});

/** A figure that may say nothing, as the correlation of constant answers does. */
const figure = z.number().nullable();

/** How well one class is told from the others. */
const classReport = z.object({
  label: z.string(),
  /** Of the examples for which it was answered, the share that are of it; of those that are, the share answered. */
  precision: z.number(),
  recall: z.number(),
  f1: z.number(),
  /** Examples of it. */
  support: z.int(),
});

/** What a task has to say beside the loss. */
export const taskReport = z.object({
  examples: z.int(),
  /** By the names that the task has for its figures (shared/tasks.ts). */
  figures: z.record(z.string(), figure),
  /** None where there are no classes. */
  classes: z.array(classReport),
  /** [wanted][answered]: examples; null where an example can be of several classes, or of none. */
  confusion: z.array(z.array(z.int())).nullable(),
});

/** `tokens` counts what was predicted: tokens, or examples of a task that classifies them; null reports are of the former. */
export const validationPoint = z.object({
  step: z.int(),
  loss: z.number(),
  tokens: z.int(),
  report: taskReport.nullable().default(null),
});

/** A prompt that is answered while a run trains, with the answer of the base alone. */
export const watchedPrompt = z.object({
  asked: z.string(),
  /** What the validation data has for an answer; null for a prompt that somebody typed. */
  wanted: z.string().nullable(),
  base: z.string(),
});
/** The answers of the adapter as it was after a step, in the order of the prompts. */
export const answersPoint = z.object({ step: z.int(), answers: z.array(z.string()) });

/** A figure of an adapter's health; null where it is no finite number (or too large for the engine's float32). */
const healthFigure = z.number().nullable();

/** One adapted module at one moment of a run. All norms are Frobenius norms. */
export const moduleHealth = z.object({
  layer: z.int(),
  /** 'q_proj' */
  module: z.string(),
  /** Of the ranks that learn. */
  normA: healthFigure,
  normB: healthFigure,
  /** ‖ΔW‖ / ‖W‖: how much the adapter changes the matrix that it sits on. */
  deltaRatio: healthFigure,
  /** Of the last step, before clipping. */
  gradientNorm: healthFigure,
});

/** How often each expert of a layer was chosen: shares of all choices, which add up to 1. */
const expertUse = z.object({ layer: z.int(), shares: z.array(z.number()) });

/** How an adapter was doing after a step, with what is wrong with it then. */
export const healthPoint = z.object({
  step: z.int(),
  modules: z.array(moduleHealth),
  alarms: z.array(problem),
  /** Since the reading before, of all tokens that were trained on; empty for models without experts. */
  experts: z.array(expertUse),
  /** The routers' loss of those tokens, as a multiple of what even use gives; null for models without experts, and where none was counted. */
  imbalance: z.number().nullable(),
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

/** What a run is expected to hold at its peak, in bytes. */
const memoryEstimate = z.object({
  totalBytes: z.number(),
  /** Node, TensorFlow and compiled programs. */
  runtimeBytes: z.number(),
  weightBytes: z.number(),
  /** A, B, their gradients and the optimiser's state. */
  adapterBytes: z.number(),
  /** What a step keeps between forward and backward, and its work space. */
  activationBytes: z.number(),
});

/** What a run would need, known before it starts. */
export const trainEstimate = z.object({
  /** The form of the base that the memory is about: the one asked for, or the one that is taken. */
  base: heldBase,
  /** Why this one, and what a person should know of it, in sentences. */
  aboutBase: z.array(z.string()),
  memory: memoryEstimate,
  /** What new work can have now. */
  freeMemoryBytes: z.number(),
  /** Why it would not be begun: it is too large to work at all; null where it may be tried. */
  refusal: problem.nullable(),
  totalSteps: z.int(),
  trainableParameters: z.int(),
  totalParameters: z.int(),
});

/** The same with what the store knows. */
export const runEstimate = trainEstimate.extend({
  /** How long it takes, going by an earlier run of the model on this machine; null where there is none that is alike. */
  pace: z
    .object({ seconds: z.number(), run: z.object({ id: z.int(), name: z.string() }) })
    .nullable(),
});

export const deviceReport = z.object({
  device: z.string(),
  cores: z.int(),
  memoryBytes: z.number(),
  freeMemoryBytes: z.number(),
  tensorflow: z.string().nullable(),
  node: z.string(),
  electron: z.string().nullable(),
  /** bfloat16 products are native on this processor; `auto` precision follows it. */
  nativeBfloat16: z.boolean(),
  gpus: z.array(z.string()),
  /** What is missing, each with the command that cures it. */
  missing: z.array(problem),
});

export type LinearModule = z.output<typeof linearModule>;
export type ExpertUse = z.output<typeof expertUse>;
export type LearntLabels = z.output<typeof learntLabels>;
export type ModelDescription = z.output<typeof modelDescription>;
export type ModelRecord = z.output<typeof modelRecord>;
export type RowUnit = z.output<typeof rowUnit>;
export type BadLine = z.output<typeof badLine>;
export type DataReport = z.output<typeof dataReport>;
export type LabelCounts = z.output<typeof labelCounts>;
export type DatasetRecord = z.output<typeof datasetRecord>;
export type HeldBase = z.output<typeof heldBase>;
export type RunState = z.output<typeof runState>;
export type RunCheckpoint = z.output<typeof runCheckpoint>;
export type BestValidation = z.output<typeof bestValidation>;
export type Forgetting = z.output<typeof forgetting>;
export type RunChange = z.output<typeof runChange>;
export type RunRecord = z.output<typeof runRecord>;
export type StepPoint = z.output<typeof stepPoint>;
export type ClassReport = z.output<typeof classReport>;
export type TaskReport = z.output<typeof taskReport>;
export type ValidationPoint = z.output<typeof validationPoint>;
export type WatchedPrompt = z.output<typeof watchedPrompt>;
export type AnswersPoint = z.output<typeof answersPoint>;
export type ModuleHealth = z.output<typeof moduleHealth>;
export type HealthPoint = z.output<typeof healthPoint>;
export type AdapterRecord = z.output<typeof adapterRecord>;
export type ExportRecord = z.output<typeof exportRecord>;
export type Classification = z.output<typeof classification>;
export type MemoryEstimate = z.output<typeof memoryEstimate>;
export type RunEstimate = z.output<typeof runEstimate>;
export type TrainEstimate = z.output<typeof trainEstimate>;
export type DeviceReport = z.output<typeof deviceReport>;
