/** What differs between the configurations of several runs. */
import type { TrainingConfig } from '../../shared/contract/training-config.ts';
import { keysOf } from '../../shared/settings/setting.ts';
import { allSettings } from '../../shared/settings/table.ts';
import { configRows } from './config-rows.ts';

export type DifferingRow = { key: string; label: string; values: string[] };

const absent = '–';

/** Rows in which at least two configurations differ; a value per configuration, in their order. */
export function differingSettings(configs: readonly TrainingConfig[]): DifferingRow[] {
  const columns = configs.map(
    (config) => new Map(configRows(config).map(({ key, value }) => [key, value])),
  );
  return keysOf(allSettings).flatMap((key) => {
    const values = columns.map((column) => column.get(key) ?? absent);
    if (new Set(values).size < 2) return [];
    return [{ key, label: allSettings[key].label, values }];
  });
}
