/** A run's configuration as rows of label and value, for the Run and Compare screens. */
import type { TrainingConfig } from '../../shared/contract/training-config.ts';
import { formatPercent } from '../../shared/format.ts';
import { sayTargets } from '../../shared/say-targets.ts';
import { keysOf, type Setting, type Table, type Term } from '../../shared/settings/setting.ts';
import { aboutOf } from '../../shared/settings/about.ts';
import { belongsTo, type About } from '../../shared/settings/needs.ts';
import {
  adapterSettings,
  dataSettings,
  lengthSettings,
  pickedSettings,
  taskSettings,
  trainingSettings,
} from '../../shared/settings/table.ts';
import { baseName } from './paths.ts';

/** `number` is the plain value of a setting that is one. */
export type ConfigRow = Term & { key: string; value: string; number?: number };

const { model, data, validation, fromAdapter, targets, generalText, watched } = pickedSettings;

/** Every setting of a run that means something in its task, in the order of the form. */
export function configRows(config: TrainingConfig): ConfigRow[] {
  // Of what needs experts nothing is said where there were none: it has its default.
  const about = aboutOf(config, true);
  return [
    { key: 'model', ...model, value: baseName(config.model) },
    { key: 'data', ...data, value: baseName(config.data) },
    ...tableRows(about, taskSettings, config),
    ...tableRows(about, dataSettings, config),
    { key: 'validation', ...validation, value: sayValidation(config.validation) },
    ...(config.fromAdapter === null
      ? []
      : [{ key: 'fromAdapter', ...fromAdapter, value: baseName(config.fromAdapter) }]),
    ...tableRows(about, adapterSettings, config.lora),
    { key: 'targets', ...targets, value: sayTargets(config.lora.targets) },
    ...durationRow(config.duration),
    ...tableRows(about, trainingSettings, config),
    ...(config.task === 'causal-lm' ? answeringRows(config) : []),
  ];
}

/** A row for each value of which there is something to say: most runs have none for single modules. */
function tableRows<V>(about: About, table: Table<V>, values: NoInfer<V>): ConfigRow[] {
  return keysOf(table).flatMap((key) =>
    belongsTo(table[key], about) ? settingRow(key, table[key], values[key]) : [],
  );
}

function settingRow<V>(key: string, setting: Setting<V>, value: V): ConfigRow[] {
  const { label, help, kind, unit } = setting;
  const said = kind.say(value);
  if (said === null) return [];
  const measured = unit === undefined ? said : `${said} ${unit}`;
  const row = { key, label, help, value: kind.inWords?.(value) ?? measured };
  return [typeof value === 'number' ? { ...row, number: value } : row];
}

function durationRow(duration: TrainingConfig['duration']): ConfigRow[] {
  return duration.kind === 'epochs'
    ? settingRow('epochs', lengthSettings.epochs, duration.epochs)
    : settingRow('steps', lengthSettings.steps, duration.steps);
}

function sayValidation(source: TrainingConfig['validation']): string {
  if (source.kind === 'none') return 'none';
  if (source.kind === 'file') return baseName(source.path);
  return `${formatPercent(source.fraction)} of the data`;
}

/** What only a model that answers has beside its settings in the tables. */
function answeringRows(config: TrainingConfig): ConfigRow[] {
  const said = sayWatched(config.watched);
  return [
    { key: 'generalText', ...generalText, value: sayGeneralText(config.generalText) },
    ...(said === null ? [] : [{ key: 'watched', ...watched, value: said }]),
  ];
}

function sayWatched(source: TrainingConfig['watched']): string | null {
  if (source.kind === 'off') return null;
  if (source.kind === 'validation') return `${source.count} of the validation data`;
  return source.prompts.join(' · ');
}

function sayGeneralText(source: TrainingConfig['generalText']): string {
  if (source.kind === 'off') return 'not measured';
  return source.kind === 'file' ? `on ${baseName(source.path)}` : "on Lorikeet's text";
}
