/** Reads the rows of a data file as examples of a task, and names those that cannot be used. */
import { basename } from 'node:path';
import type { DataFile } from '../../../shared/contract/engine.ts';
import type { BadLine, DataReport, RowUnit } from '../../../shared/contract/data-report.ts';
import { listed } from '../../../shared/errors/listed.ts';
import { lorikeetError } from '../../../shared/errors/lorikeet-error.ts';
import type { Columns } from '../../../shared/settings/columns.ts';
import { ColumnsSeen } from './columns-seen.ts';
import { isObject, kindOf, type JsonObject } from './json-value.ts';
import { mapColumns } from './map-columns.ts';
import type { Row } from './rows/row.ts';
import { openRows } from './rows/rows.ts';

export type { DataFile } from '../../../shared/contract/engine.ts';

/** One row as a task reads it: an example with the name of its format, or the reason why it cannot be one. */
export type Parsed<E> =
  | { example: E; format: string; /** Keys that nobody knows. */ unused: string[] }
  | { reason: string };
export type ParseRow<E> = (json: JsonObject, line: number) => Parsed<E>;

export type Data<E> = {
  /** What the numbers of its rows count. */
  unit: RowUnit;
  examples: E[];
  badLines: BadLine[];
  /** In the order of their first row. */
  formats: string[];
  /** Keys beside the examples that nothing is known of, each with its first row. */
  unusedKeys: ReadonlyMap<string, number>;
  /** As the file names them. */
  columns: DataReport['columns'];
  /** Columns of the mapping that no row has. */
  missing: Columns;
  /** Reading stopped after many rows of which none could be used. */
  gaveUp: boolean;
};

/** After so many bad rows and not one good one, the file is something else. */
const hopeless = 1000;

/**
 * Every usable row and every bad one.
 * @throws dataset/not-found, dataset/not-readable, dataset/wrong-format
 */
export async function readData<E>(
  { path, columns }: DataFile,
  parse: ParseRow<E>,
): Promise<Data<E>> {
  const { unit, rows } = await openRows(path);
  const examples: E[] = [];
  const badLines: BadLine[] = [];
  const formats = new Set<string>();
  const unusedKeys = new Map<string, number>();
  const seen = new ColumnsSeen();
  let missing = columns;
  let gaveUp = false;
  for await (const row of rows) {
    const { line } = row;
    const object = objectOf(row);
    const mapped = 'reason' in object ? object : mapColumns(object.json, columns);
    if ('json' in object) seen.see(object.json);
    if ('missing' in mapped) {
      missing = missing.filter((column) => mapped.missing.includes(column));
    }
    const parsed = 'reason' in mapped ? mapped : parse(mapped.json, line);
    if ('reason' in parsed) {
      const without = 'missing' in mapped ? sayMissing(mapped.missing) : '';
      badLines.push({ line, reason: parsed.reason + without });
      gaveUp = examples.length === 0 && badLines.length === hopeless;
      if (gaveUp) break;
      continue;
    }
    examples.push(parsed.example);
    formats.add(parsed.format);
    for (const key of parsed.unused) {
      if (!unusedKeys.has(key)) unusedKeys.set(key, line);
    }
  }
  const found = { unusedKeys, columns: seen.list(), missing, gaveUp };
  return { unit, examples, badLines, formats: [...formats], ...found };
}

/**
 * The examples of a file in which every row can be used.
 * @throws dataset/bad-lines naming each bad row, dataset/none-usable, dataset/no-column, dataset/empty, and what `readData` throws
 */
export async function loadData<E>(file: DataFile, parse: ParseRow<E>): Promise<Data<E>> {
  const data = await readData(file, parse);
  const { examples, badLines, unit, missing, columns } = data;
  const { path } = file;
  const [column] = missing;
  if (column && columns.length > 0) {
    const others = columns.map(({ name }) => name);
    throw lorikeetError('dataset/no-column', { path, column: column.name, others });
  }
  if (data.gaveUp) throw noneUsable(data, path);
  if (badLines.length > 0) throw lorikeetError('dataset/bad-lines', { path, unit, badLines });
  if (examples.length === 0) throw lorikeetError('dataset/empty', { path });
  return data;
}

/** The error for a file that reading gave up on. */
export function noneUsable({ unit, badLines }: Data<unknown>, path: string): Error {
  return lorikeetError('dataset/none-usable', { path, unit, badLines });
}

/** One sentence about the keys that are passed over; none where there are none. */
export function tellUnusedKeys({ unusedKeys, unit }: Data<unknown>, path: string): string[] {
  if (unusedKeys.size === 0) return [];
  const keys = [...unusedKeys].map(([key, line]) => `"${key}" (${unit} ${line})`);
  return [`These keys of ${basename(path)} are not known and are not used: ${listed(keys)}.`];
}

function objectOf(row: Row): { json: JsonObject } | { reason: string } {
  if ('reason' in row) return row;
  if (isObject(row.value)) return { json: row.value };
  const kind = kindOf(row.value);
  return { reason: `it is ${kind}, where an object such as {"prompt": …} is expected` };
}

/** What a bad row lacks of the mapped columns, which may be why. */
function sayMissing(missing: Columns): string {
  const columns = missing.map(({ name, as }) => `"${name}", mapped to "${as}"`);
  return columns.length === 0 ? '' : `; it has no column ${columns.join(', nor ')}`;
}
