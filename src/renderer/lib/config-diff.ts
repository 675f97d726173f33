/** What differs between the configurations of several runs. */
import type { TrainingConfig } from '../../shared/contract/training-config.ts';
import { configRows } from './config-rows.ts';
import { settingTerms, type SettingKey } from './glossary.ts';

export type DifferingRow = { key: SettingKey; label: string; values: string[] };

const absent = '–';

/** Rows in which at least two configurations differ; a value per configuration, in their order. */
export function differingSettings(configs: readonly TrainingConfig[]): DifferingRow[] {
  const columns = configs.map(
    (config) => new Map(configRows(config).map(({ key, value }) => [key, value])),
  );
  const keys: SettingKey[] = Object.keys(settingTerms).filter(isSettingKey);
  return keys.flatMap((key) => {
    const values = columns.map((column) => column.get(key) ?? absent);
    if (new Set(values).size < 2) return [];
    return [{ key, label: settingTerms[key].label, values }];
  });
}

function isSettingKey(key: string): key is SettingKey {
  return key in settingTerms;
}
