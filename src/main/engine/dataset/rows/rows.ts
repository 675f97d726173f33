/** A data file as rows, whichever format it is in. */
import { extname } from 'node:path';
import type { RowUnit } from '../../../../shared/contract/data-report.ts';
import { readDelimited } from './delimited.ts';
import { beginsWithList, readJsonList } from './json-list.ts';
import { readJsonLines } from './json-lines.ts';
import { readParquet } from './parquet.ts';
import type { Row } from './row.ts';

type Rows = {
  /** What the numbers count, from 1. */
  unit: RowUnit;
  rows: AsyncIterable<Row>;
};

/**
 * The rows of a file, read as they are asked for. The ending names the format; JSON is a list or one object a line, whichever
 * it begins with.
 * @throws dataset/not-found, dataset/not-readable, dataset/wrong-format; so do the rows
 */
export async function openRows(path: string): Promise<Rows> {
  switch (extname(path).toLowerCase()) {
    case '.csv':
      return { unit: 'line', rows: readDelimited(path, 'CSV') };
    case '.tsv':
    case '.tab':
      return { unit: 'line', rows: readDelimited(path, 'TSV') };
    case '.parquet':
      return { unit: 'row', rows: readParquet(path) };
    default:
      return (await beginsWithList(path))
        ? { unit: 'item', rows: readJsonList(path) }
        : { unit: 'line', rows: readJsonLines(path) };
  }
}
