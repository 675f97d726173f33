/** The kind of the setting that maps columns: each column once, and each key of an example once. */
import { isObject } from '../is-object.ts';
import { dataKeys, type Columns, type DataKey } from './columns.ts';
import type { Kind } from './kind.ts';

const example = 'prompt=question,completion=answer';

/** Only `unused` may be said of several columns. */
export const columnsKind: Kind<Columns> = {
  input: { form: 'columns', example },
  is: (value): value is Columns =>
    Array.isArray(value) && value.every((each) => isColumn(each) && isDataKey(each.as)),
  fits: (columns) => fault(columns) === null,
  expected: () => `a mapping such as ${example}`,
  wrong: (value) =>
    Array.isArray(value) && value.every(isColumn) ? (unknownKey(value) ?? fault(value)) : null,
  say: (columns) =>
    columns.length === 0
      ? null
      : columns
          .map(({ name, as }) => (as === 'unused' ? `${name} not used` : `${name} as ${as}`))
          .join(', '),
};

/** 'prompt=question,completion=answer' as the columns that it names; names are checked by the kind. */
export function readColumns(text: string): unknown {
  const pairs = text.split(',').map((pair) => /^\s*([^=]*?)\s*=(.*)$/s.exec(pair));
  return pairs.map((pair) => (pair === null ? null : { name: pair[2]?.trim(), as: pair[1] }));
}

type Named = { name: string; as: string };

function isColumn(value: unknown): value is Named {
  return isObject(value) && typeof value['name'] === 'string' && typeof value['as'] === 'string';
}

function isDataKey(key: string): key is DataKey {
  return Object.hasOwn(dataKeys, key);
}

function unknownKey(columns: readonly Named[]): string | null {
  const unknown = columns.find(({ as }) => !isDataKey(as));
  if (unknown === undefined) return null;
  return `"${unknown.as}" is no key of an example; keys are ${Object.keys(dataKeys).join(', ')}`;
}

function fault(columns: readonly Named[]): string | null {
  for (const [index, { name, as }] of columns.entries()) {
    if (name === '') return `"${as}" has no column`;
    const before = columns.slice(0, index);
    if (before.some((other) => other.name === name)) return `the column "${name}" is mapped twice`;
    const other = before.find((one) => one.as === as && as !== 'unused');
    if (other) return `"${as}" is mapped twice, to "${other.name}" and to "${name}"`;
  }
  return null;
}
