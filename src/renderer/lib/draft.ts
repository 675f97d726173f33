/** A new run as the form holds it: values may be missing, and nothing is checked yet. */
import type { TrainingConfig } from '../../shared/contract/training-config.ts';
import {
  defaultsOf,
  keysOf,
  valuesOf,
  type Table,
  type ValuesOf,
} from '../../shared/settings/setting.ts';
import { belongsTo, type About } from '../../shared/settings/needs.ts';
import {
  adapterSettings,
  dataSettings,
  lengthSettings,
  taskSettings,
  trainingSettings,
} from '../../shared/settings/table.ts';

/** What is chosen in pickers of its own. Targets are kept apart, since they need the model's shape. */
type Picked = {
  name: string;
  model: string | null;
  data: string | null;
  fromAdapter: string | null;
  validationKind: 'none' | 'file' | 'split';
  validationFile: string | null;
  /** Per cent of the examples. */
  validationPercent: number | null;
  durationKind: TrainingConfig['duration']['kind'];
  generalKind: TrainingConfig['generalText']['kind'];
  generalFile: string | null;
  watchedKind: TrainingConfig['watched']['kind'];
  /** A prompt a line. */
  watchedText: string;
  watchedCount: number | null;
};

/** Values of settings, null where a field is empty. */
export type Drafted<V> = { [K in keyof V]: V[K] | null };

type Settings = ValuesOf<typeof taskSettings> &
  ValuesOf<typeof dataSettings> &
  ValuesOf<typeof adapterSettings> &
  ValuesOf<typeof lengthSettings> &
  ValuesOf<typeof trainingSettings>;
export type Draft = Picked & Drafted<Settings>;

/** A form with the usual settings and nothing chosen. */
export function emptyDraft(): Draft {
  return {
    name: '',
    model: null,
    data: null,
    fromAdapter: null,
    validationKind: 'split',
    validationFile: null,
    validationPercent: 10,
    durationKind: 'epochs',
    generalKind: 'own',
    generalFile: null,
    watchedKind: 'off',
    watchedText: '',
    watchedCount: 4,
    ...defaultsOf(taskSettings),
    ...defaultsOf(dataSettings),
    ...defaultsOf(adapterSettings),
    ...defaultsOf(lengthSettings),
    ...defaultsOf(trainingSettings),
  };
}

/** A form filled with the settings of an earlier run. */
export function draftOf(config: TrainingConfig): Draft {
  const { name, model, data, fromAdapter, lora, duration, validation } = config;
  const { generalText, watched } = config;
  const empty = emptyDraft();
  return {
    ...empty,
    name,
    model,
    data,
    fromAdapter,
    validationKind: validation.kind,
    validationFile: validation.kind === 'file' ? validation.path : null,
    validationPercent:
      validation.kind === 'split'
        ? Number((validation.fraction * 100).toPrecision(6))
        : empty.validationPercent,
    durationKind: duration.kind,
    generalKind: generalText.kind,
    generalFile: generalText.kind === 'file' ? generalText.path : null,
    watchedKind: watched.kind,
    watchedText: watched.kind === 'typed' ? watched.prompts.join('\n') : '',
    watchedCount: watched.kind === 'validation' ? watched.count : empty.watchedCount,
    ...valuesOf(taskSettings, config),
    ...valuesOf(dataSettings, config),
    ...valuesOf(adapterSettings, lora),
    epochs: duration.kind === 'epochs' ? duration.epochs : empty.epochs,
    steps: duration.kind === 'steps' ? duration.steps : empty.steps,
    ...valuesOf(trainingSettings, config),
  };
}

/** The form as it stands for a task and a model: what means nothing there has its default. */
export function fitting(draft: Draft, about: About): Draft {
  const without = <V>(table: Table<V>, values: NoInfer<Drafted<V>>): Partial<Drafted<V>> => {
    const usual: Partial<Drafted<V>> = {};
    for (const key of keysOf(table)) {
      usual[key] = belongsTo(table[key], about) ? values[key] : table[key].default;
    }
    return usual;
  };
  const settings = { ...without(taskSettings, draft), ...without(trainingSettings, draft) };
  const answers = about.task === 'causal-lm';
  const watches = answers && (draft.watchedKind !== 'validation' || about.validated);
  return {
    ...{ ...draft, ...settings, task: about.task },
    generalKind: answers ? draft.generalKind : 'own',
    watchedKind: watches ? draft.watchedKind : 'off',
  };
}
