/** What is in a data file: formats, bad lines, a preview, and lengths in a model's tokens. */
import type { BadLine, DataReport } from '../../../shared/contract/records.ts';
import { encodeExamples } from '../batch/encode.ts';
import { tellFitted } from '../batch/tell-fitted.ts';
import { countLosses, type Sequence } from '../batch/sequence.ts';
import type { Tokenizer } from '../tokenizer/tokenizer.ts';
import type { Example } from '../dataset/example.ts';
import { readJsonl, tellUnusedKeys } from '../dataset/jsonl.ts';

const previewed = 5;
/** A histogram has at most this many buckets. */
const buckets = 32;

/**
 * Reads the whole file; bad lines are reported rather than thrown, and come in the order of the file.
 * @param tokenizer null to leave out what depends on a model
 * @param sequenceLength tokens in a block
 * @throws dataset/not-found, dataset/not-readable, dataset/not-jsonl, tokenizer/no-chat-template
 */
export async function inspectData(
  path: string,
  tokenizer: Tokenizer | null,
  sequenceLength: number,
): Promise<DataReport> {
  const data = await readJsonl(path);
  const { examples, badLines, formats } = data;
  const notices = tellUnusedKeys(data, path);
  const preview = examples.slice(0, previewed).map(previewOf);
  if (tokenizer === null) {
    return { path, formats, examples: examples.length, badLines, preview, notices, tokens: null };
  }
  notices.push(...tokenizer.notices, ...tellFitted(examples, tokenizer));
  const { encoded, badLines: notEncoded } = encodeExamples(examples, tokenizer);
  return {
    path,
    formats,
    examples: encoded.length,
    badLines: [...badLines, ...notEncoded].sort(byLine),
    preview,
    notices,
    tokens: countTokens(encoded.flat(), sequenceLength),
  };
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
        answer: example.messages[last]?.content ?? '',
      };
    }
  }
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
