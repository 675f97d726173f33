/** Presets of the form: what is kept of a configuration, what it fills in, and the list of them. */
import type { Preset, PresetSettings } from '../../shared/contract/preset.ts';
import type { TrainingConfig } from '../../shared/contract/training-config.ts';
import { formatSmall } from '../../shared/format.ts';
import { howMany } from '../../shared/how-many.ts';
import { valuesOf } from '../../shared/settings/setting.ts';
import { trainingSettings } from '../../shared/settings/table.ts';
import { draftOf, type Draft } from './draft.ts';

/** What of a run a preset keeps. */
export function settingsOf(config: TrainingConfig): PresetSettings {
  const { lora, duration, validation, generalText } = config;
  const { kind } = validation;
  const answers = config.task === 'causal-lm';
  return {
    ...{ lora, duration, ...valuesOf(trainingSettings, config) },
    validationShare: kind === 'file' ? null : kind === 'split' ? validation.fraction : 0,
    generalText: answers && generalText.kind !== 'file' ? generalText.kind : null,
    watchedQuestions: answers ? questionsOf(config.watched) : null,
  };
}

function questionsOf(watched: TrainingConfig['watched']): number | null {
  if (watched.kind === 'typed') return null;
  return watched.kind === 'validation' ? watched.count : 0;
}

/** The form with the settings of a preset; what it is about stays. */
export function withPreset(draft: Draft, { settings }: Preset): Draft {
  const { validationShare: share, generalText, watchedQuestions: questions, ...kept } = settings;
  const { name, model, data, fromAdapter, task, problem, columns } = draft;
  const { validationKind, validationFile, validationPercent } = draft;
  const { generalKind, generalFile, watchedKind, watchedText, watchedCount } = draft;
  const fraction = share ?? 0;
  const filled = draftOf({
    ...{ ...kept, name: '', model: '', data: '', fromAdapter: null, columns: [] },
    ...{ task: 'causal-lm', problem: 'auto' },
    validation: fraction > 0 ? { kind: 'split', fraction } : { kind: 'none' },
    generalText: { kind: generalText ?? 'own' },
    watched: questions ? { kind: 'validation', count: questions } : { kind: 'off' },
  });
  return {
    ...filled,
    ...{ name, model, data, fromAdapter, task, problem, columns },
    ...{ validationFile, generalFile, watchedText },
    ...(share === null && { validationKind, validationPercent }),
    ...(generalText === null && { generalKind }),
    ...(questions === null && { watchedKind }),
    ...(!questions && { watchedCount }),
  };
}

/** The list with a preset in place of the one of its name, or at the end. */
export function withSaved(presets: readonly Preset[], saved: Preset): Preset[] {
  const at = presets.findIndex(({ name }) => name === saved.name);
  return at < 0 ? [...presets, saved] : presets.with(at, saved);
}

/** 'rank 8, alpha 16, rate 2.0e−4, 1 epoch' */
export function sayPreset({ lora, learningRate, duration }: PresetSettings): string {
  const length =
    duration.kind === 'steps' ? howMany(duration.steps, 'step') : sayEpochs(duration.epochs);
  return `rank ${lora.rank}, alpha ${formatSmall(lora.alpha)}, rate ${formatSmall(learningRate)}, ${length}`;
}

/** There may be a part of one. */
function sayEpochs(epochs: number): string {
  if (Number.isInteger(epochs)) return howMany(epochs, 'epoch');
  return `${formatSmall(epochs)} epochs`;
}
