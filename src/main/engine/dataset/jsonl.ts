/** Reads JSONL data files: one JSON object a line, in any of the formats of a task, also mixed. */
import { basename } from 'node:path';
import type { BadLine } from '../../../shared/contract/records.ts';
import { listed } from '../../../shared/errors/listed.ts';
import { lorikeetError } from '../../../shared/errors/lorikeet-error.ts';
import type { Example } from './example.ts';
import { parseJsonLine } from './json-line.ts';
import { isObject, kindOf } from './json-value.ts';
import type { LabelledExample } from './labelled-example.ts';
import { readLines } from './lines.ts';
import { parseExample } from './parse-example.ts';
import { parseLabelled } from './parse-labelled.ts';

type ParseLine<E> = (
  line: number,
  text: string,
) => { example: E; format: string; unused: string[] } | { reason: string };

/** After so many bad lines and not one good one, the file is something else. */
const hopeless = 1000;
/** Names with separators between them, and nothing that JSON would have. */
const csvHeader =
  /^\s*"?[\p{L}_][\p{L}\p{N}_ -]*"?(?:\s*[,;\t]\s*"?[\p{L}_][\p{L}\p{N}_ -]*"?)+\s*$/u;

export type JsonlData<E = Example> = {
  examples: E[];
  badLines: BadLine[];
  /** In the order of their first line. */
  formats: string[];
  /** Keys beside the examples that nothing is known of, each with its first line. */
  unusedKeys: ReadonlyMap<string, number>;
};

/**
 * Every usable line and every bad one. Blank lines, CRLF and a byte order mark are allowed.
 * @throws dataset/not-found, dataset/not-readable, dataset/not-jsonl
 */
export function readJsonl(path: string): Promise<JsonlData> {
  return readRows(path, parseExample);
}

async function readRows<E>(path: string, parse: ParseLine<E>): Promise<JsonlData<E>> {
  const examples: E[] = [];
  const badLines: BadLine[] = [];
  const formats = new Set<string>();
  const unusedKeys = new Map<string, number>();
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
    if (!seen && csvHeader.test(line.text)) {
      const reason = `it looks like CSV, for its first line is "${line.text.trim()}"`;
      throw lorikeetError('dataset/not-jsonl', { path, reason });
    }
    seen = true;
    const parsed = parse(line.number, line.text);
    if ('reason' in parsed) {
      reject({ line: line.number, reason: parsed.reason });
    } else {
      examples.push(parsed.example);
      formats.add(parsed.format);
      for (const key of parsed.unused) {
        if (!unusedKeys.has(key)) unusedKeys.set(key, line.number);
      }
    }
  }
  return { examples, badLines, formats: [...formats], unusedKeys };
}

/**
 * The examples of a file in which every line can be used.
 * @throws dataset/bad-lines naming each of them, dataset/empty, and what `readJsonl` throws
 */
export async function loadExamples(path: string): Promise<JsonlData> {
  return allUsable(path, await readJsonl(path));
}

/** The same for classification. Errors: those of `loadExamples`. */
export async function loadLabelledExamples(path: string): Promise<JsonlData<LabelledExample>> {
  return allUsable(path, await readRows(path, parseLabelledLine));
}

function parseLabelledLine(line: number, text: string): ReturnType<typeof parseLabelled> {
  const parsed = parseJsonLine(text);
  if ('reason' in parsed) return parsed;
  if (isObject(parsed.value)) return parseLabelled(parsed.value, line);
  return {
    reason: `it is ${kindOf(parsed.value)}, where an object such as {"text": …} is expected`,
  };
}

function allUsable<E>(path: string, data: JsonlData<E>): JsonlData<E> {
  const { examples, badLines } = data;
  if (badLines.length > 0) throw lorikeetError('dataset/bad-lines', { path, badLines });
  if (examples.length === 0) throw lorikeetError('dataset/empty', { path });
  return data;
}

/** One sentence about the keys that are passed over; none where there are none. */
export function tellUnusedKeys(
  { unusedKeys }: Pick<JsonlData, 'unusedKeys'>,
  path: string,
): string[] {
  if (unusedKeys.size === 0) return [];
  const keys = [...unusedKeys].map(([key, line]) => `"${key}" (line ${line})`);
  return [`These keys of ${basename(path)} are not known and are not used: ${listed(keys)}.`];
}
