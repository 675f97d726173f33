/** CSV and TSV: a header with the names of the columns, then one record a row, all of it text. */
import { pipeline, Readable } from 'node:stream';
import { CsvError, parse, type Parser } from 'csv-parse';
import { lorikeetError } from '../../../../shared/errors/lorikeet-error.ts';
import { textBytes } from './file-bytes.ts';
import { readLines } from './lines.ts';
import type { Row } from './row.ts';
import { maximumLineBytes } from './text-pieces.ts';

type Format = 'CSV' | 'TSV';
/** Fields, and the line in which they begin. */
type Numbered = { line: number; fields: string[] };

const names = { ',': 'a comma', ';': 'a semicolon', '\t': 'a tab' } as const;
type Delimiter = keyof typeof names;

/** As many as a spreadsheet has. */
const mostColumns = 16_384;

/**
 * A row for each record, numbered by the line in which it begins. A text with delimiters, quotation marks or line breaks in it
 * stands in double quotes, as in RFC 4180; CSV may have semicolons or tabs for its commas.
 * @throws dataset/wrong-format where columns cannot be told apart or quotation marks do not end, and what `textBytes` throws
 */
export async function* readDelimited(path: string, format: Format): AsyncGenerator<Row> {
  const delimiter = format === 'TSV' ? '\t' : await delimiterOf(path);
  const fault = (reason: string) => lorikeetError('dataset/wrong-format', { path, format, reason });
  let columns: string[] | null = null;
  for await (const { line, fields } of recordsOf(path, format, delimiter)) {
    if (columns === null) {
      columns = fields.map((name, index) => name.trim() || `column ${index + 1}`);
      if (columns.length > mostColumns) throw fault(`it has ${columns.length} columns`);
      const seen = new Set<string>();
      const twice = columns.find((name) => seen.size === seen.add(name).size);
      if (twice !== undefined) throw fault(`it has the column "${twice}" twice`);
    } else if (fields.length === columns.length) {
      yield { line, value: Object.fromEntries(columns.map((name, at) => [name, fields[at]])) };
    } else {
      yield { line, reason: unlikeHeader(fields.length, columns.length, delimiter) };
    }
  }
}

function unlikeHeader(fields: number, columns: number, delimiter: Delimiter): string {
  const has = `it has ${fields} ${fields === 1 ? 'field' : 'fields'}, and the header has ${columns}`;
  return `${has}; a text with ${names[delimiter]} in it stands in double quotes`;
}

/** Of commas, semicolons and tabs the one that the header has most of, outside of quotation marks. */
async function delimiterOf(path: string): Promise<Delimiter> {
  for await (const each of readLines(path, 'CSV')) {
    // Every other part is between quotation marks.
    const outside = ('text' in each ? each.text : '')
      .split('"')
      .filter((_, part) => part % 2 === 0);
    const header = outside.join('');
    const has = (delimiter: string) => header.split(delimiter).length - 1;
    const others = ([';', '\t'] as const).filter((other) => has(other) > has(','));
    return others.sort((one, other) => has(other) - has(one))[0] ?? ',';
  }
  return ',';
}

async function* recordsOf(
  path: string,
  format: Format,
  delimiter: Delimiter,
): AsyncGenerator<Numbered> {
  /** Where the records begin that the parser has read and not handed out yet. */
  const begins: number[] = [];
  let ended = 0;
  let countedTwice = 0;
  const parser = parse({
    delimiter,
    // Any of them ends a record, and several kinds may be in one file.
    record_delimiter: ['\r\n', '\n', '\r'],
    skip_empty_lines: true,
    // A quotation mark inside of a field that does not begin with one is text.
    relax_quotes: true,
    // Which row has too few or too many is told by us.
    relax_column_count: true,
    max_record_size: maximumLineBytes,
    on_record(fields: string[], { lines }) {
      const inside = fields.join('\t');
      // The parser counts a CR LF in quotation marks as two lines.
      countedTwice += count(inside, /\r\n/g);
      ended = lines - countedTwice;
      begins.push(ended - count(inside, /\r\n|\r|\n/g));
      return fields;
    },
  });
  pipeline(Readable.from(textOf(path, format)), parser, () => {
    // Errors come out of the parser.
  });
  try {
    for await (const fields of fieldsOf(parser)) yield { line: begins.shift() ?? 0, fields };
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const reason =
      error.code === 'CSV_QUOTE_NOT_CLOSED'
        ? `a quotation mark behind line ${ended} opens a text that does not end`
        : error.code === 'CSV_MAX_RECORD_SIZE'
          ? `the record behind line ${ended} is longer than 16 MiB; a quotation mark in it may have no counterpart`
          : error.message;
    throw lorikeetError('dataset/wrong-format', { path, format, reason }, { cause: error });
  }
}

/** What a parser without options for columns gives. */
function fieldsOf(parser: Parser): AsyncIterable<string[]> {
  return parser;
}

function count(text: string, kind: RegExp): number {
  return text.match(kind)?.length ?? 0;
}

/** The parser would put U+FFFD in place of what is not UTF-8. */
async function* textOf(path: string, format: Format): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  try {
    for await (const bytes of textBytes(path, format))
      yield decoder.decode(bytes, { stream: true });
    yield decoder.decode();
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    const reason = 'it is not in UTF-8; spreadsheets save that as "CSV UTF-8"';
    throw lorikeetError('dataset/wrong-format', { path, format, reason }, { cause: error });
  }
}
