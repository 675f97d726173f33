/** Turns the form of a new run into a configuration, or says for each field what is wrong with it. */
import type { LoraSettings, TrainingConfig } from '../../shared/contract/training-config.ts';
import { whole } from '../../shared/settings/kind.ts';
import { complete, keysOf, type ModelBounds, type Table } from '../../shared/settings/setting.ts';
import {
  adapterSettings,
  dataSettings,
  lengthSettings,
  taskSettings,
  trainingSettings,
} from '../../shared/settings/table.ts';
import { mostWatched, promptsIn } from '../../shared/settings/watched.ts';
import type { Draft, Drafted } from './draft.ts';

type DraftField = keyof Draft | 'targets';
export type DraftProblems = Partial<Record<DraftField, string>>;
export type CheckedDraft =
  | { ok: true; config: TrainingConfig }
  | { ok: false; problems: DraftProblems };

/** What the chosen model allows. */
export type DraftLimits = {
  /** Null where no cell is chosen, or no model. */
  targets: LoraSettings['targets'] | null;
  bounds: ModelBounds;
  /** What is wrong with ranks of single modules. */
  ownRanks: string | null;
};

/** A part of the configuration; `value` is null where something is wrong with it. */
type Part<T> = { value: T | null; problems: DraftProblems };

/** Checks every field. The result holds the whole configuration only where nothing is wrong. */
export function checkDraft(draft: Draft, limits: DraftLimits): CheckedDraft {
  const { targets, bounds, ownRanks } = limits;
  const task = checkTable(taskSettings, draft, bounds);
  const reading = checkTable(dataSettings, draft, bounds);
  const adapter = checkTable(adapterSettings, draft, bounds);
  const training = checkTable(trainingSettings, draft, bounds);
  const duration = checkDuration(draft, bounds);
  const validation = checkValidation(draft);
  const general = checkGeneralText(draft);
  const watched = checkWatched(draft);
  const model = chosen('model', draft.model, 'Choose a model.');
  const data = chosen('data', draft.data, 'Choose a data file.');
  const problems: DraftProblems = {
    ...model.problems,
    ...data.problems,
    ...task.problems,
    ...reading.problems,
    ...validation.problems,
    ...adapter.problems,
    ...duration.problems,
    ...training.problems,
    ...general.problems,
    ...watched.problems,
    ...(ownRanks === null ? {} : { rankPattern: ownRanks }),
    ...(model.value === null || targets !== null ? {} : { targets: noTarget }),
  };
  const wrong = Object.keys(problems).length > 0;
  if (wrong || model.value === null || data.value === null || validation.value === null)
    return { ok: false, problems };
  if (task.value === null || reading.value === null) return { ok: false, problems };
  if (adapter.value === null || duration.value === null) return { ok: false, problems };
  if (training.value === null || general.value === null || watched.value === null)
    return { ok: false, problems };
  const config: TrainingConfig = {
    name: draft.name.trim(),
    model: model.value,
    data: data.value,
    ...task.value,
    ...reading.value,
    validation: validation.value,
    fromAdapter: draft.fromAdapter,
    lora: { ...adapter.value, targets: targets ?? 'all-linear' },
    duration: duration.value,
    ...training.value,
    generalText: general.value,
    watched: watched.value,
  };
  return { ok: true, config };
}

const noTarget = 'Choose at least one cell: without one there is nothing to train.';

/** Every row of a table; what does not fit is said at its field. */
function checkTable<V>(
  table: Table<V>,
  draft: NoInfer<Drafted<V>>,
  bounds: ModelBounds,
): { value: V | null; problems: Partial<Record<keyof V, string>> } {
  const values: Partial<V> = {};
  const problems: Partial<Record<keyof V, string>> = {};
  for (const key of keysOf(table)) {
    const { kind, bounds: by } = table[key];
    const limit = by && bounds[by];
    const value = draft[key];
    if (value !== null && kind.fits(value, limit)) values[key] = value;
    else problems[key] = sentence(kind.wrong?.(value) ?? kind.expected(limit));
  }
  const right = Object.keys(problems).length === 0;
  return { value: right ? complete(values, keysOf(table)) : null, problems };
}

/** 'a number above 0' → 'A number above 0.' */
function sentence(words: string): string {
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}.`;
}

function chosen(field: DraftField, value: string | null, message: string): Part<string> {
  if (value !== null && value.trim() !== '') return { value, problems: {} };
  return { value: null, problems: { [field]: message } };
}

function checkValidation(draft: Draft): Part<TrainingConfig['validation']> {
  const { validationKind: kind, validationFile, validationPercent: percent } = draft;
  if (kind === 'none') return { value: { kind }, problems: {} };
  if (kind === 'file') {
    const message = 'Choose a validation file, or another kind of validation.';
    const { value: path, problems } = chosen('validationFile', validationFile, message);
    return { value: path === null ? null : { kind, path }, problems };
  }
  if (percent !== null && percent > 0 && percent < 100)
    return { value: { kind, fraction: percent / 100 }, problems: {} };
  return {
    value: null,
    problems: { validationPercent: 'A number above 0 and below 100.' },
  };
}

function checkGeneralText(draft: Draft): Part<TrainingConfig['generalText']> {
  const { generalKind: kind, generalFile } = draft;
  if (kind !== 'file') return { value: { kind }, problems: {} };
  const message = 'Choose a general text, or another kind of it.';
  const { value: path, problems } = chosen('generalFile', generalFile, message);
  return { value: path === null ? null : { kind, path }, problems };
}

function checkWatched(draft: Draft): Part<TrainingConfig['watched']> {
  const { watchedKind: kind, watchedText, watchedCount: count } = draft;
  if (kind === 'off') return { value: { kind }, problems: {} };
  if (kind === 'validation') {
    if (count !== null && whole(1).fits(count, { most: mostWatched }))
      return { value: { kind, count }, problems: {} };
    const expected = whole(1).expected({ most: mostWatched });
    return { value: null, problems: { watchedCount: sentence(expected) } };
  }
  const prompts = promptsIn(watchedText);
  if (prompts.length > 0 && prompts.length <= mostWatched)
    return { value: { kind, prompts }, problems: {} };
  return {
    value: null,
    problems: { watchedText: `From 1 to ${mostWatched} prompts, each on a line of its own.` },
  };
}

function checkDuration(draft: Draft, bounds: ModelBounds): Part<TrainingConfig['duration']> {
  const { epochs, steps } = lengthSettings;
  if (draft.durationKind === 'epochs') {
    const { value, problems } = checkTable({ epochs }, draft, bounds);
    return { value: value && { kind: 'epochs', ...value }, problems };
  }
  const { value, problems } = checkTable({ steps }, draft, bounds);
  return { value: value && { kind: 'steps', ...value }, problems };
}
