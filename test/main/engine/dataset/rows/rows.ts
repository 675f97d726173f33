/** The rows of a file that a test has written. */
import type { Row } from '../../../../../src/main/engine/dataset/rows/row.ts';
import { openRows } from '../../../../../src/main/engine/dataset/rows/rows.ts';
import { dataFile } from '../data-file.ts';

export async function rowsOf(path: string): Promise<{ unit: string; rows: Row[] }> {
  const { unit, rows } = await openRows(path);
  const all: Row[] = [];
  for await (const row of rows) all.push(row);
  return { unit, rows: all };
}

/** Writes a file of that name and reads it. */
export function rowsIn(name: string, content: string | Uint8Array) {
  return rowsOf(dataFile(content, name));
}
