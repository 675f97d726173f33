/** JSONL: one JSON value a line. */
import { lorikeetError } from '../../../../shared/errors/lorikeet-error.ts';
import { parseJsonLine } from '../json-line.ts';
import { readLines } from './lines.ts';
import type { Row } from './row.ts';

/** Names with separators between them, and nothing that JSON would have. */
const csvHeader =
  /^\s*"?[\p{L}_][\p{L}\p{N}_ -]*"?(?:\s*[,;\t]\s*"?[\p{L}_][\p{L}\p{N}_ -]*"?)+\s*$/u;

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
    if (!seen && csvHeader.test(text)) {
      const reason = `it looks like CSV, for its first line is "${text.trim()}"; name it .csv, or .tsv with tabs`;
      throw lorikeetError('dataset/wrong-format', { path, format: 'JSONL', reason });
    }
    seen = true;
    yield { line, ...parseJsonLine(text) };
  }
}
