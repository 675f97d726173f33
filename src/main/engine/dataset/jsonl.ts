/** Reads JSONL data files: one JSON object a line, in any of the four formats, also mixed. */
import type { BadLine } from '../../../shared/contract/records.ts';
import { lorikeetError } from '../../../shared/errors/lorikeet-error.ts';
import type { Example } from './example.ts';
import { readLines } from './lines.ts';
import { parseExample } from './parse-example.ts';

/** After so many bad lines and not one good one, the file is something else. */
const hopeless = 1000;

export type JsonlData = {
  examples: Example[];
  badLines: BadLine[];
  /** In the order of their first line. */
  formats: string[];
};

/**
 * Every usable line and every bad one. Blank lines, CRLF and a byte order mark are allowed.
 * @throws dataset/not-found, dataset/not-readable, dataset/not-jsonl
 */
export async function readJsonl(path: string): Promise<JsonlData> {
  const examples: Example[] = [];
  const badLines: BadLine[] = [];
  const formats = new Set<string>();
  let seen = false;
  const reject = (badLine: BadLine): void => {
    badLines.push(badLine);
    if (examples.length === 0 && badLines.length === hopeless) {
      const [first] = badLines;
      const reason = `none of its first ${hopeless} lines can be used (line ${first?.line ?? 1}: ${first?.reason ?? ''})`;
      throw lorikeetError('dataset/not-jsonl', { path, reason });
    }
  };
  for await (const line of readLines(path)) {
    if (line.text === null) {
      reject({ line: line.number, reason: line.reason });
      continue;
    }
    if (line.text.trim() === '') continue;
    if (!seen && line.text.trimStart().startsWith('[')) {
      throw lorikeetError('dataset/not-jsonl', { path, reason: 'it begins with a JSON list' });
    }
    seen = true;
    const parsed = parseExample(line.number, line.text);
    if ('reason' in parsed) {
      reject({ line: line.number, reason: parsed.reason });
    } else {
      examples.push(parsed.example);
      formats.add(parsed.format);
    }
  }
  return { examples, badLines, formats: [...formats] };
}

/**
 * The examples of a file in which every line can be used.
 * @throws dataset/bad-lines naming each of them, dataset/empty, and what `readJsonl` throws
 */
export async function loadExamples(path: string): Promise<Example[]> {
  const { examples, badLines } = await readJsonl(path);
  if (badLines.length > 0) throw lorikeetError('dataset/bad-lines', { path, badLines });
  if (examples.length === 0) throw lorikeetError('dataset/empty', { path });
  return examples;
}
