/** Turns the form of a new run into a configuration, or says for each field what is wrong with it. */
import type { LoraSettings, TrainingConfig } from '../../shared/contract/training-config.ts';
import type { Draft } from './draft.ts';
import { formatCount } from './format.ts';

type DraftField = keyof Draft | 'targets';
export type DraftProblems = Partial<Record<DraftField, string>>;
export type CheckedDraft =
  { ok: true; config: TrainingConfig } | { ok: false; problems: DraftProblems };

/** What the chosen model allows; null for each that is not known yet. */
export type DraftLimits = {
  targets: LoraSettings['targets'] | null;
  largestRank: number | null;
  contextLength: number | null;
};

/** Collects what is wrong while it hands out values that are right. */
class Check {
  readonly problems: DraftProblems = {};

  text(field: DraftField, value: string | null, message: string): string {
    if (value === null || value.trim() === '') this.problems[field] = message;
    return value ?? '';
  }

  whole(field: DraftField, value: number | null, least: number, most = Infinity): number {
    const fits = value !== null && Number.isInteger(value) && value >= least && value <= most;
    if (!fits) this.problems[field] = `A whole number ${range(least, most)}.`;
    return value ?? 0;
  }

  number(field: DraftField, value: number | null, fits: (value: number) => boolean, say: string) {
    if (value === null || !Number.isFinite(value) || !fits(value)) this.problems[field] = say;
    return value ?? 0;
  }
}

function range(least: number, most: number): string {
  return Number.isFinite(most)
    ? `from ${formatCount(least)} to ${formatCount(most)}`
    : `of ${formatCount(least)} or more`;
}

const positive = (value: number): boolean => value > 0;
const notNegative = (value: number): boolean => value >= 0;

/** Checks every field. The result holds the whole configuration only where nothing is wrong. */
export function checkDraft(draft: Draft, limits: DraftLimits): CheckedDraft {
  const check = new Check();
  const config: TrainingConfig = {
    name: draft.name.trim(),
    model: check.text('model', draft.model, 'Choose a model.'),
    data: check.text('data', draft.data, 'Choose a data file.'),
    validation: checkValidation(check, draft),
    lora: {
      rank: check.whole('rank', draft.rank, 1, limits.largestRank ?? Infinity),
      alpha: check.number('alpha', draft.alpha, positive, 'A number above 0.'),
      dropout: check.number(
        'dropout',
        draft.dropout,
        (value) => value >= 0 && value < 1,
        'A number from 0 to below 1.',
      ),
      init: draft.init,
      useRslora: draft.useRslora,
      useDora: draft.useDora,
      loraPlusRatio: check.number(
        'loraPlusRatio',
        draft.loraPlusRatio,
        positive,
        'A number above 0.',
      ),
      rankPattern: { ...draft.rankPattern },
      alphaPattern: { ...draft.alphaPattern },
      targets: limits.targets ?? 'all-linear',
    },
    duration: checkDuration(check, draft),
    batchSize: check.whole('batchSize', draft.batchSize, 1),
    gradientAccumulation: check.whole('gradientAccumulation', draft.gradientAccumulation, 1),
    sequenceLength: check.whole(
      'sequenceLength',
      draft.sequenceLength,
      8,
      limits.contextLength ?? Infinity,
    ),
    learningRate: check.number('learningRate', draft.learningRate, positive, 'A number above 0.'),
    scheduler: draft.scheduler,
    warmupSteps: check.whole('warmupSteps', draft.warmupSteps, 0),
    weightDecay: check.number(
      'weightDecay',
      draft.weightDecay,
      notNegative,
      'A number, 0 or more.',
    ),
    maxGradNorm: check.number(
      'maxGradNorm',
      draft.maxGradNorm,
      notNegative,
      'A number, 0 or more.',
    ),
    precision: draft.precision,
    keep: draft.keep,
    seed: check.whole('seed', draft.seed, 0),
  };
  if (draft.model !== null && limits.targets === null) {
    check.problems.targets = 'Choose at least one cell: without one there is nothing to train.';
  }
  const { problems } = check;
  return Object.keys(problems).length === 0 ? { ok: true, config } : { ok: false, problems };
}

function checkValidation(check: Check, draft: Draft): TrainingConfig['validation'] {
  if (draft.validationKind === 'none') return { kind: 'none' };
  if (draft.validationKind === 'file') {
    const message = 'Choose a validation file, or another kind of validation.';
    return { kind: 'file', path: check.text('validationFile', draft.validationFile, message) };
  }
  const percent = check.number(
    'validationPercent',
    draft.validationPercent,
    (value) => value > 0 && value < 100,
    'A number above 0 and below 100.',
  );
  return { kind: 'split', fraction: percent / 100 };
}

function checkDuration(check: Check, draft: Draft): TrainingConfig['duration'] {
  return draft.durationKind === 'epochs'
    ? {
        kind: 'epochs',
        epochs: check.number('epochs', draft.epochs, positive, 'A number above 0.'),
      }
    : { kind: 'steps', steps: check.whole('steps', draft.steps, 1) };
}
