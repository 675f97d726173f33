/** What is in a data file: formats, bad lines, a preview, and lengths in a model's tokens. */
import type { BadLine, DataReport } from '../../../shared/contract/records.ts';
import { encodeExamples } from '../batch/encode.ts';
import { tellFitted } from '../batch/tell-fitted.ts';
import { countLosses, type Sequence } from '../batch/sequence.ts';
import type { Tokenizer } from '../tokenizer/tokenizer.ts';
import type { Example, Turn } from '../dataset/example.ts';
import { parseExample } from '../dataset/parse-example.ts';
import {
  noneUsable,
  readData,
  tellUnusedKeys,
  type Data,
  type DataFile,
} from '../dataset/read-data.ts';

const previewed = 5;
/** A histogram has at most this many buckets. */
const buckets = 32;

/**
 * Reads the whole file; bad lines are reported rather than thrown, and come in the order of the file.
 * @param tokenizer null to leave out what depends on a model
 * @param sequenceLength tokens in a block
 * @throws dataset/not-found, dataset/not-readable, dataset/wrong-format, dataset/none-usable where there are no columns to map,
 *   tokenizer/no-chat-template
 */
export async function inspectData(
  file: DataFile,
  tokenizer: Tokenizer | null,
  sequenceLength: number,
): Promise<DataReport> {
  const { path } = file;
  const data = await readData(file, parseExample);
  const { examples, badLines, unit, columns, formats } = data;
  if (data.gaveUp && columns.length === 0) throw noneUsable(data, path);
  const notices = [
    ...tellUnread(data),
    ...tellUnusedKeys(data, path),
    ...(tokenizer ? [...tokenizer.notices, ...tellFitted(examples, tokenizer)] : []),
  ];
  const preview = examples.slice(0, previewed).map(previewOf);
  const found = { path, unit, columns, formats, preview, notices };
  if (tokenizer === null) return { ...found, examples: examples.length, badLines, tokens: null };
  const { encoded, badLines: notEncoded } = encodeExamples(examples, tokenizer);
  return {
    ...found,
    examples: encoded.length,
    badLines: [...badLines, ...notEncoded].sort(byLine),
    tokens: countTokens(encoded.flat(), sequenceLength),
  };
}

/** That the mapping or the file is another than was meant. */
function tellUnread({ missing, gaveUp, badLines, unit }: Data<Example>): string[] {
  return [
    ...missing.map(({ name, as }) => `There is no column "${name}", which is mapped to "${as}".`),
    ...(gaveUp
      ? [`None of the first ${badLines.length} ${unit}s can be used; the rest was not read.`]
      : []),
  ];
}

/** The example as a person reads it: everything before the last answer, and that answer. */
function previewOf(example: Example): { prompt: string; answer: string } {
  switch (example.kind) {
    case 'completion':
      return {
        prompt: [example.system, example.prompt].filter((text) => text !== undefined).join('\n'),
        answer: example.completion,
      };
    case 'text':
      return { prompt: '', answer: example.text };
    case 'chat': {
      const last = example.messages.findLastIndex(({ role }) => role === 'assistant');
      const before = example.messages.slice(0, last);
      return {
        prompt: before.map(({ role, content }) => `${role}: ${content}`).join('\n'),
        answer: answerOf(example.messages[last]),
      };
    }
  }
}

/** Calls of tools are an answer, too. */
function answerOf(turn: Turn | undefined): string {
  const calls = turn?.further?.['tool_calls'];
  return [turn?.content, calls && JSON.stringify(calls)].filter(Boolean).join('\n');
}

function countTokens(
  encoded: readonly Sequence[],
  sequenceLength: number,
): NonNullable<DataReport['tokens']> {
  const lengths = encoded.map(({ tokens }) => tokens.length);
  const longest = lengths.reduce((a, b) => Math.max(a, b), 0);
  // Widths are powers of two, so that their edges are numbers that sequence lengths have.
  let width = 1;
  while (Math.floor(longest / width) >= buckets) width *= 2;
  const counts = new Array<number>(Math.floor(longest / width) + 1).fill(0);
  for (const length of lengths) {
    const bucket = Math.floor(length / width);
    counts[bucket] = (counts[bucket] ?? 0) + 1;
  }
  return {
    sequences: lengths.length,
    total: lengths.reduce((a, b) => a + b, 0),
    learnt: encoded.reduce((sum, { labels }) => sum + countLosses(labels), 0),
    longest,
    tooLong: lengths.filter((length) => length > sequenceLength).length,
    histogram: { width, counts },
  };
}

function byLine(a: BadLine, b: BadLine): number {
  return a.line - b.line;
}
