/** Gives the columns of a row the names under which the run reads them. */
import type { Columns } from '../../../shared/settings/columns.ts';
import { isEmpty, type JsonObject } from './json-value.ts';

/**
 * The row with the keys of an example for the names of mapped columns; other columns keep their own.
 * @returns the row, or the reason why it cannot be used, with the mapped columns that it lacks
 */
export function mapColumns(
  row: JsonObject,
  columns: Columns,
): ({ json: JsonObject } | { reason: string }) & { missing: Columns } {
  const mapped = new Set(columns.map(({ name }) => name));
  const own = Object.entries(row).filter(([name]) => !mapped.has(name));
  const json: JsonObject = Object.fromEntries(own);
  const there = columns.filter(({ name }) => Object.hasOwn(row, name));
  const missing = columns.filter((column) => !there.includes(column));
  for (const { name, as } of there) {
    if (as === 'unused') continue;
    if (!isEmpty(json[as])) {
      const reason = `"${as}" is there twice, as the column "${name}" and under its own name; map "${as}" to something as well, for instance to "unused"`;
      return { reason, missing };
    }
    json[as] = row[name];
  }
  return { json, missing };
}
