/** What differs between the settings of several runs. */
import type { RunRecord } from '../../shared/contract/records.ts';
import { keysOf } from '../../shared/settings/setting.ts';
import { allSettings } from '../../shared/settings/table.ts';
import { runRows } from './run-rows.ts';

export type DifferingRow = {
  key: string;
  label: string;
  values: string[];
  /** As they are where they are numbers. */
  numbers: (number | null)[];
};

const absent = '–';

/** Rows in which at least two runs differ; a value per run, in their order. */
export function differingSettings(
  runs: readonly Pick<RunRecord, 'config' | 'labels' | 'base'>[],
): DifferingRow[] {
  const columns = runs.map((run) => new Map(runRows(run).map((row) => [row.key, row])));
  return keysOf(allSettings).flatMap((key) => {
    const values = columns.map((column) => column.get(key)?.value ?? absent);
    if (new Set(values).size < 2) return [];
    const numbers = columns.map((column) => column.get(key)?.number ?? null);
    return [{ key, label: allSettings[key].label, values, numbers }];
  });
}
