/** JSONL: one JSON value a line. */
import { lorikeetError } from '../../../../shared/errors/lorikeet-error.ts';
import { parseJsonLine } from '../json-line.ts';
import { readLines } from './lines.ts';
import type { Row } from './row.ts';

/** A name of a column, with nothing in it that JSON would have. */
const columnName = /^"?[\p{L}_][\p{L}\p{N}_ -]*"?$/u;

function isCsvHeader(text: string): boolean {
  const names = text.split(/[,;\t]/);
  return names.length > 1 && names.every((name) => columnName.test(name.trim()));
}

/**
 * A row for each line that is not blank.
 * @throws dataset/wrong-format where the first line is the header of a CSV file, and what `readLines` throws
 */
export async function* readJsonLines(path: string): AsyncGenerator<Row> {
  let seen = false;
  for await (const each of readLines(path, 'JSONL')) {
    if ('reason' in each) {
      yield each;
      continue;
    }
    const { line, text } = each;
    if (text.trim() === '') continue;
    if (!seen && isCsvHeader(text)) {
      const reason = `it looks like CSV, for its first line is "${text.trim()}"; name it .csv, or .tsv with tabs`;
      throw lorikeetError('dataset/wrong-format', { path, format: 'JSONL', reason });
    }
    seen = true;
    yield { line, ...parseJsonLine(text) };
  }
}
