/** A new run as the form holds it: numbers may be missing, and nothing is checked yet. */
import { trainingDefaults } from '../../shared/contract/training-defaults.ts';
import type {
  Initialisation,
  KeepPolicy,
  LoraSettings,
  Precision,
  Scheduler,
  TrainingConfig,
} from '../../shared/contract/training-config.ts';

export type Draft = {
  name: string;
  model: string | null;
  data: string | null;
  validationKind: 'none' | 'file' | 'split';
  validationFile: string | null;
  /** Per cent of the examples. */
  validationPercent: number | null;
  rank: number | null;
  alpha: number | null;
  dropout: number | null;
  init: Initialisation;
  useRslora: boolean;
  useDora: boolean;
  loraPlusRatio: number | null;
  /** Not set in the window, but kept from a run that has them. */
  rankPattern: LoraSettings['rankPattern'];
  alphaPattern: LoraSettings['alphaPattern'];
  durationKind: 'epochs' | 'steps';
  epochs: number | null;
  steps: number | null;
  batchSize: number | null;
  gradientAccumulation: number | null;
  sequenceLength: number | null;
  learningRate: number | null;
  scheduler: Scheduler;
  warmupSteps: number | null;
  weightDecay: number | null;
  maxGradNorm: number | null;
  precision: Precision;
  keep: KeepPolicy;
  seed: number | null;
};

/** A form with the usual settings and nothing chosen. */
export function emptyDraft(): Draft {
  const { lora, duration, ...settings } = trainingDefaults;
  return {
    name: '',
    model: null,
    data: null,
    validationKind: 'split',
    validationFile: null,
    validationPercent: 10,
    ...adapterFields(lora),
    durationKind: duration.kind,
    epochs: duration.epochs,
    steps: 100,
    ...settings,
  };
}

/** A form filled with the settings of an earlier run. Targets are kept apart, since they need the model's shape. */
export function draftOf(config: TrainingConfig): Draft {
  const { lora, duration, validation, ...settings } = config;
  const empty = emptyDraft();
  return {
    ...settings,
    validationKind: validation.kind,
    validationFile: validation.kind === 'file' ? validation.path : null,
    validationPercent:
      validation.kind === 'split'
        ? Number((validation.fraction * 100).toPrecision(6))
        : empty.validationPercent,
    ...adapterFields(lora),
    durationKind: duration.kind,
    epochs: duration.kind === 'epochs' ? duration.epochs : empty.epochs,
    steps: duration.kind === 'steps' ? duration.steps : empty.steps,
  };
}

/** The adapter's settings but for its targets, which need the model's shape. */
function adapterFields(lora: LoraSettings): Omit<LoraSettings, 'targets'> {
  const { rank, alpha, dropout, init, useRslora, useDora, loraPlusRatio } = lora;
  const patterns = { rankPattern: { ...lora.rankPattern }, alphaPattern: { ...lora.alphaPattern } };
  return { rank, alpha, dropout, init, useRslora, useDora, loraPlusRatio, ...patterns };
}
