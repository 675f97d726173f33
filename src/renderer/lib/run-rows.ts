/** A run's settings as rows, with what came of those that were left open. */
import type { LearntLabels, RunRecord } from '../../shared/contract/records.ts';
import { sayBase } from '../../shared/say-base.ts';
import { labelKinds } from '../../shared/tasks.ts';
import { configRows, type ConfigRow } from './config-rows.ts';
import { sayLearntLabels } from './task-says.ts';

/** Labels and the form of the base are known from the moment in which the run was prepared. */
export function runRows({
  config,
  labels,
  base,
}: Pick<RunRecord, 'config' | 'labels' | 'base'>): ConfigRow[] {
  return configRows(config).flatMap((row) => {
    if (row.key === 'problem' && labels) return { ...row, value: sayFound(labels) };
    if (row.key === 'base' && base) return { ...row, value: sayBase(base) };
    // It is said with the form.
    return row.key === 'doubleQuant' && base ? [] : row;
  });
}

function sayFound(labels: LearntLabels): string {
  const { label } = labelKinds[labels.problem];
  return labels.problem === 'regression' ? label : `${label}: ${sayLearntLabels(labels)}`;
}
