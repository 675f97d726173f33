/** The columns of a data file beside what a person has mapped them to. */
import type { DataReport } from '../../shared/contract/data-report.ts';
import { dataKeys, isKeyOf, type Columns, type DataKey } from '../../shared/settings/columns.ts';
import { keysOf } from '../../shared/settings/setting.ts';
import type { TaskKind } from '../../shared/tasks.ts';

export type ColumnRow = {
  name: string;
  /** The beginning of its first value; null where the file has no such column. */
  sample: string | null;
  /** Empty where the column keeps its own name. */
  as: DataKey | '';
};

/** The file's columns in their order, then those that are mapped and not there. */
export function columnRows(found: DataReport['columns'], columns: Columns): ColumnRow[] {
  const asOf = (name: string): ColumnRow['as'] =>
    columns.find((column) => column.name === name)?.as ?? '';
  const absent = columns.filter(({ name }) => !found.some((column) => column.name === name));
  return [
    ...found.map(({ name, sample }) => ({ name, sample, as: asOf(name) })),
    ...absent.map(({ name, as }) => ({ name, sample: null, as })),
  ];
}

/** The mapping with another choice for one column. */
export function withColumn(columns: Columns, name: string, as: DataKey | ''): Columns {
  const others = columns.filter((column) => column.name !== name);
  return as === '' ? others : [...others, { name, as }];
}

/** What a column can be read as in a task, its own name first; what it is read as now is always among them. */
export function columnChoices(
  task: TaskKind,
  as: DataKey | '',
): { value: DataKey | ''; label: string }[] {
  const keys = keysOf(dataKeys).filter((key) => key === as || isKeyOf(task, key));
  return [
    { value: '', label: 'Its own name' },
    ...keys.map((value) => ({ value, label: dataKeys[value] })),
  ];
}
