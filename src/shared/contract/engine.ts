/** What may be asked of the engine worker, and what it tells while it works. Plain data: it crosses threads and processes. */
import type { AdapterStart } from './adapter-start.ts';
import type { CompositionOptions, CompositionReport } from './composition.ts';
import type { EvaluationReport, EvaluationTable } from './evaluation.ts';
import type { Origin } from './origin.ts';
import type { Problem } from '../errors/problem.ts';
import type { ExportFormName } from '../export-forms.ts';
import type { ExportReport } from './exports.ts';
import type { MergeDtype, MergeReport } from './merge-report.ts';
import type { ChatEnd } from './chat.ts';
import type { RateSearch, RateTrial } from './rate-search.ts';
import type { DataReport } from './data-report.ts';
import type { DeviceReport, TrainEstimate } from './estimates.ts';
import type { BestValidation, Classification, Forgetting, HeldBase, LearntLabels, ModelDescription, RunChange, RunCheckpoint } from './records.ts';
import type { AnswersPoint, HealthPoint, StepPoint, ValidationPoint, WatchedPrompt } from './run-points.ts';
import type { LeanSettings } from '../leaner.ts';
import type { Columns } from '../settings/columns.ts';
import type { Precision, Thinking, TrainingConfig } from './training-config.ts';

export type Message = {
  role: string;
  content: string;
  /** Further keys for chat templates that use them, such as "name" or "reasoning_content". */
  further?: Readonly<Record<string, unknown>>;
};
/** Descriptions of functions that a model may call, as chat templates take them. */
export type Tools = readonly Readonly<Record<string, unknown>>[];
export type AdapterSource = { path: string; weight: number };

/**
 * A base model with the adapters that answer together with it. Without `thinking` and `date` conversations are written as in the
 * runs of the adapters, and for a base alone as its template does by itself, today.
 */
export type ModelSource = {
  model: string;
  adapters: AdapterSource[];
  precision: Precision;
  /** How the base is held; without it with the values that its adapters learnt on, dense where memory allows. */
  held?: HeldBase;
  thinking?: Thinking;
  /** '2026-11-26' */
  date?: string;
};

/** Draws are from the likeliest tokens that have `topP` of the probability together; from all where it is 1, or not said. */
export type GenerateOptions = {
  maxNewTokens: number;
  temperature: number;
  seed: number;
  topP?: number;
};
/** A chat is rendered with the model's own template; text goes in as it is. */
export type Prompt =
  { kind: 'chat'; messages: Message[]; tools?: Tools } | { kind: 'text'; text: string };
export type Generation = { text: string; tokens: number; tokensPerSecond: number };

/** One of several that answer side by side: the base where it has no adapters, else it with their weighted sum. */
export type ChatColumn = { adapters: AdapterSource[]; prompt: Prompt };

/**
 * `rescue` is a folder for the adapter in case `output` takes nothing at the end. A run that has `begun` before may have written
 * its adapter to `output` already, just before it was killed.
 */
export type TrainRequest = {
  config: TrainingConfig;
  output: string;
  rescue?: string;
  begun?: boolean;
};

/** The folder for the checkpoints of runs, without which none are written, and the one that they go on from. */
export type CheckpointPlace = { checkpoints?: string; resume?: string };
/**
 * The same for runs that are trained at once. Where it `splits`, those that end before the others have their outcome at once, and
 * the others are to go on in a call of their own. Of those that are `halving` the worse half ends at every rung (shared/halving.ts).
 */
export type GroupPlace = CheckpointPlace &
  ({ splits?: false; halving?: false } | { splits: true; halving?: boolean; checkpoints: string });

export type TrainResult = {
  /** Where it is, which is another folder than the one asked for if that took nothing at the end. */
  adapter: string;
  stopped: boolean;
  steps: number;
  trainableParameters: number;
  totalParameters: number;
  /** As it lies beside the adapter; null where a file of it was gone at the end. */
  origin: Origin | null;
  /** It ended before its last step, for want of improvement. */
  early: boolean;
  /** The validation whose adapter was written; null without validation. */
  best: BestValidation | null;
  /** The folder with the adapter of the last step, where the one at `adapter` is of an earlier one. */
  last: string | null;
};

/**
 * A run that can go on: from its checkpoint, or from the beginning where there is none. `problem` is what made it pause; null
 * where it was asked to.
 */
export type PausedRun = { steps: number; checkpoint: RunCheckpoint | null; problem: Problem | null };

/** One of several adapters trained together can fail while the others go on. */
export type TrainOutcome =
  | { kind: 'trained'; result: TrainResult }
  | { kind: 'paused'; paused: PausedRun }
  | { kind: 'failed'; problem: Problem };
/** Or some of those that were trained at once have ended, and it goes on with the others from this checkpoint. */
export type VariantOutcome = TrainOutcome | { kind: 'going'; checkpoint: RunCheckpoint };

/** How much of a data file is evaluated, and in blocks of how many tokens. */
export type EvaluationExtent = {
  /** Only the first so many examples; null for all. */
  limit: number | null;
  /** Of how many examples, spread evenly over those, the model's answers are held against the wanted ones; null for all. */
  answers: number | null;
  sequenceLength: number;
};

/** A data file, and which of its columns are read under other names. */
export type DataFile = { path: string; columns: Columns };

/** One text, or a pair. */
export type ClassifiedTexts = readonly [string] | readonly [string, string];

type EngineCommands = {
  'device.inspect': { request: null; response: DeviceReport };
  'model.inspect': { request: { path: string }; response: ModelDescription };
  'data.inspect': {
    request: {
      path: string;
      columns: Columns;
      model: string | null;
      sequenceLength: number;
      /** What would be held back, and the seed that a part of the file is chosen by. */
      held: Pick<TrainingConfig, 'validation' | 'seed'>;
    } & Pick<TrainingConfig, 'task' | 'problem' | 'thinking'>;
    response: DataReport;
  };
  /**
   * Trains, tells `step` and `validation` as it goes, and writes the adapter to `output`; a stopped run writes what it has, and a
   * paused one its checkpoint.
   */
  train: {
    request: TrainRequest & CheckpointPlace;
    response: Exclude<TrainOutcome, { kind: 'failed' }>;
  };
  /**
   * Trains several adapters at once over one base; they have to agree on what is part of the program (train/variants.ts).
   * One outcome for each, in their order. Its events come inside `variant` events.
   */
  'train.variants': {
    request: { variants: TrainRequest[] } & GroupPlace;
    response: VariantOutcome[];
  };
  /** The beginning of the run with each of these at once, to see which learns best; their steps come inside `variant` events. */
  'train.search': {
    request: { config: TrainingConfig; trials: readonly RateTrial[] };
    response: RateSearch;
  };
  /** What runs that are trained at once would need; steps and parameters of the first. Reads model and data, computes nothing. */
  'train.estimate': { request: { configs: readonly TrainingConfig[] }; response: TrainEstimate };
  evaluate: {
    request: ModelSource & { data: DataFile } & EvaluationExtent;
    response: EvaluationReport;
  };
  /**
   * Each adapter by itself, with its weight, on each data file; with `base` also the base alone, where it does the same task
   * without an adapter.
   */
  'evaluate.table': {
    request: ModelSource & { base: boolean; data: DataFile[] } & EvaluationExtent;
    response: EvaluationTable;
  };
  /** What texts are, or pairs of them, by a model with a head for that. */
  classify: {
    request: ModelSource & { texts: ClassifiedTexts[]; sequenceLength: number };
    response: Classification[];
  };
  generate: {
    request: ModelSource & { prompts: Prompt[]; options: GenerateOptions };
    response: Generation[];
  };
  /**
   * The same prompt once for each row of weights, which has one for each adapter: all 0 is the base alone. One loaded model answers
   * them all.
   */
  'generate.variants': {
    request: Omit<ModelSource, 'adapters'> & {
      adapters: readonly string[];
      variants: readonly (readonly number[])[];
      prompt: Prompt;
      options: GenerateOptions;
    };
    response: Generation[];
  };
  /**
   * The same prompts by each adapter by itself, one loaded model for all: a row of answers for each, behind that of the base alone
   * where this is wanted.
   */
  'generate.table': {
    request: Omit<ModelSource, 'adapters' | 'held'> & {
      adapters: readonly string[];
      base: boolean;
      prompts: readonly Prompt[];
      options: GenerateOptions;
    };
    response: Generation[][];
  };
  /**
   * What each of several says, at once and by the same random numbers; tells `answer` as it is written. Cancelled it gives what is
   * there. The model stays loaded for the next call: weights and adapters are changed without reading the base again, as long as
   * adapters have the form of those before. `nearby`: adapters that are likely to be asked later, for which there is to be room.
   */
  chat: {
    request: Omit<ModelSource, 'adapters'> & {
      columns: readonly ChatColumn[];
      nearby: readonly string[];
      options: GenerateOptions;
    };
    response: {
      answers: (Generation & { ended: ChatEnd })[];
      /** The base was read for it. */
      loaded: boolean;
    };
  };
  /** The same prompt by the base alone and with its adapters. */
  compare: {
    request: ModelSource & { prompt: Prompt; options: GenerateOptions };
    response: { base: Generation; adapted: Generation };
  };
  /** Writes float32 "logits" [1, T, V] as a safetensors file. */
  logits: {
    request: ModelSource & { tokens: number[]; output: string };
    response: { shape: [number, number, number] };
  };
  /**
   * `otherBase` takes a model whose files are other ones than the adapter was made on; without it such a model is refused.
   * `mergeBase`: other weights of the same model, such as those it was quantised from, which are merged into in its place.
   */
  merge: {
    request: {
      model: string;
      adapter: string;
      output: string;
      dtype: MergeDtype;
      otherBase?: boolean;
      mergeBase?: string;
    };
    response: MergeReport;
  };
  /** Without adapters the base is written in another form. `type` null is the usual one of the form. */
  export: {
    request: {
      model: string;
      adapters: AdapterSource[];
      to: ExportFormName;
      type: string | null;
      output: string;
      /** See `merge`. */
      otherBase?: boolean;
      mergeBase?: string;
      /** Write also what would lose what the adapters change. */
      force?: boolean;
    };
    response: ExportReport;
  };
  /** Makes adapters of one base into one, and tells how far it is from their weighted sum. */
  compose: {
    /** `output` is the folder of the new adapter; null where only the figures are wanted. `otherBase`: see `merge`. */
    request: {
      model: string;
      adapters: AdapterSource[];
      output: string | null;
      otherBase?: boolean;
    } & CompositionOptions;
    response: CompositionReport;
  };
  /** The form that a run has which goes on from an adapter of this base. Reads both, computes nothing. */
  'adapter.inspect': { request: { model: string; path: string }; response: AdapterStart };
  /** Where an adapter or an exported model came from; null where it was made elsewhere. */
  'origin.read': { request: { path: string }; response: Origin | null };
};

export type EngineCommandName = keyof EngineCommands;
export type EngineRequest<N extends EngineCommandName> = EngineCommands[N]['request'];
export type EngineResponse<N extends EngineCommandName> = EngineCommands[N]['response'];

/** What a command in progress tells. */
export type EngineEvent =
  | {
      kind: 'prepared';
      trainableParameters: number;
      totalParameters: number;
      totalSteps: number;
      labels: LearntLabels | null;
      base: HeldBase;
    }
  | { kind: 'step'; point: StepPoint }
  | { kind: 'validation'; point: ValidationPoint }
  | { kind: 'checkpoint'; checkpoint: RunCheckpoint }
  | { kind: 'best'; best: BestValidation }
  /** Before the first step, and once more when the adapter is written. */
  | { kind: 'forgetting'; forgetting: Forgetting }
  /** Something that the run changed of itself, and the settings that became others with it. */
  | { kind: 'change'; change: RunChange; settings: Partial<LeanSettings> }
  /** Now and then, and with the step that ends a run. */
  | { kind: 'health'; point: HealthPoint }
  /** Before the first step: prompts that are answered under way, and then each round of answers. */
  | { kind: 'watched'; prompts: WatchedPrompt[] }
  | { kind: 'answers'; point: AnswersPoint }
  | { kind: 'memory'; residentBytes: number; peakBytes: number }
  /** What one of several adapters tells, counted from 0. */
  | { kind: 'variant'; variant: number; event: EngineEvent }
  /** What a column of a chat has written so far, from its beginning. */
  | { kind: 'answer'; column: number; text: string }
  /** A phase with a countable amount of work: 'Reading weights', 210 of 272. */
  | { kind: 'progress'; phase: string; done: number; total: number }
  /** Something a person should know that does not stop the work. */
  | { kind: 'notice'; text: string };

/** Handlers in the worker: one a command. `emit` sends an event; a handler looks at `signal` between steps. */
export type EngineContext = { emit: (event: EngineEvent) => void; signal: AbortSignal };
export type EngineHandlers = {
  [N in EngineCommandName]: (
    request: EngineRequest<N>,
    context: EngineContext,
  ) => EngineResponse<N> | Promise<EngineResponse<N>>;
};

/**
 * To the worker. `run` is the run in the store that a call trains: its events then also go straight
 * to the window. Made in functions over N, so that a command and its request belong together.
 */
export type EngineCallOf<N extends EngineCommandName> = {
  kind: 'call';
  id: number;
  command: N;
  runs: readonly number[];
  request: EngineRequest<N>;
};
export type EngineCall =
  EngineCallOf<EngineCommandName> | { kind: 'cancel'; id: number; how: AskedEnd };

/** How a call is asked to end: with what it has, or so that it can go on later, which training alone knows. */
export type AskedEnd = 'stop' | 'pause';

/** From the worker. Events of a call carry its id. */
export type EngineResult<N extends EngineCommandName> = {
  kind: 'result';
  id: number;
  command: N;
  response: EngineResponse<N>;
};
export type EngineMessage =
  | { kind: 'ready' }
  | EngineResult<EngineCommandName>
  /** With the stack of what nobody expected; null for an error that was thrown on purpose. */
  | { kind: 'failure'; id: number; problem: Problem; stack: string | null }
  | { kind: 'event'; id: number; event: EngineEvent };
