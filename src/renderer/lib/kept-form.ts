/** The form of a new run as it is kept until the next start of the window: JSON, read back value by value. */
import type { LoraSettings, Target } from '../../shared/contract/training-config.ts';
import { isObject, type JsonObject } from '../../shared/is-object.ts';
import { complete, keysOf, type Table } from '../../shared/settings/setting.ts';
import {
  adapterSettings,
  dataSettings,
  lengthSettings,
  taskSettings,
  trainingSettings,
} from '../../shared/settings/table.ts';
import { isVaried, type Varied } from './series-form.ts';
import { emptyDraft, type Draft, type Drafted } from './draft.ts';

export type KeptForm = { draft: Draft; targets: LoraSettings['targets'] };
/** With the settings that have several values. */
export type KeptSeries = KeptForm & { varied: readonly Varied[]; halving: boolean };

/** What was kept; null where that is no form. A value that can be none of its setting any more is the usual one. */
export function readKept(text: string | null): KeptSeries | null {
  const kept = parse(text);
  if (!isObject(kept) || !isObject(kept['draft'])) return null;
  const { draft, targets, varied, halving } = kept;
  const empty = emptyDraft();
  return {
    draft: {
      ...picked(draft, empty),
      ...valuesIn(taskSettings, draft),
      ...valuesIn(dataSettings, draft),
      ...valuesIn(adapterSettings, draft),
      ...valuesIn(lengthSettings, draft),
      ...valuesIn(trainingSettings, draft),
    },
    targets: isTargets(targets) ? targets : 'all-linear',
    varied: Array.isArray(varied) ? eachOnce(varied.filter(isVaried)) : [],
    halving: halving !== false,
  };
}

function eachOnce(varied: readonly Varied[]): Varied[] {
  const keys = varied.map(({ key }) => key);
  return varied.filter(({ key }, at) => keys.indexOf(key) === at);
}

function parse(text: string | null): unknown {
  try {
    return text === null ? null : JSON.parse(text);
  } catch {
    return null;
  }
}

function picked(kept: JsonObject, empty: Draft) {
  const { validationKind, durationKind, generalKind, watchedKind } = kept;
  return {
    name: textOf(kept['name']) ?? '',
    model: textOf(kept['model']),
    data: textOf(kept['data']),
    fromAdapter: textOf(kept['fromAdapter']),
    validationKind: oneOf(validationKind, ['none', 'file', 'split'], empty.validationKind),
    validationFile: textOf(kept['validationFile']),
    validationPercent: numberOf(kept['validationPercent'], empty.validationPercent),
    durationKind: oneOf(durationKind, ['epochs', 'steps'], empty.durationKind),
    generalKind: oneOf(generalKind, ['own', 'file', 'off'], empty.generalKind),
    generalFile: textOf(kept['generalFile']),
    watchedKind: oneOf(watchedKind, ['off', 'typed', 'validation'], empty.watchedKind),
    watchedText: textOf(kept['watchedText']) ?? '',
    watchedCount: numberOf(kept['watchedCount'], empty.watchedCount),
  };
}

/** A field may be empty, and its number out of bounds: that is said in the form. */
function valuesIn<V>(table: Table<V>, kept: JsonObject): Drafted<V> {
  const values: Partial<Drafted<V>> = {};
  for (const key of keysOf(table)) {
    const { kind, default: usual } = table[key];
    const value = kept[key];
    values[key] = value === null || kind.is(value) ? value : usual;
  }
  return complete<Drafted<V>>(values, keysOf(table));
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

/** Null is an empty field. */
function numberOf(value: unknown, usual: number | null): number | null {
  return value === null || typeof value === 'number' ? value : usual;
}

function oneOf<W extends string>(value: unknown, words: readonly W[], usual: W): W {
  return words.find((word) => word === value) ?? usual;
}

function isTargets(value: unknown): value is LoraSettings['targets'] {
  return (
    value === 'all-linear' || (Array.isArray(value) && value.length > 0 && value.every(isTarget))
  );
}

function isTarget(value: unknown): value is Target {
  if (!isObject(value) || typeof value['module'] !== 'string') return false;
  const { layers } = value;
  return layers === 'all' || (Array.isArray(layers) && layers.length > 0 && layers.every(isLayer));
}

function isLayer(value: unknown): boolean {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}
