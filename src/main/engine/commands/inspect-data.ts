/** What is in a data file: formats, bad lines, a preview, and lengths in a model's tokens. */
import type { BadLine, DataReport } from '../../../shared/contract/records.ts';
import {
  noneUsable,
  readData,
  tellUnusedKeys,
  type Data,
  type DataFile,
  type ParseRow,
} from '../dataset/read-data.ts';
import type { Tokenizer } from '../tokenizer/tokenizer.ts';

/** A sequence in figures: its tokens before anything is cut, and those of them that are predicted, null where that is no figure. */
export type SequenceSize = { length: number; learnt: number | null };

/** How the examples of one task are looked at. */
export type Look<E> = {
  parse: ParseRow<E>;
  preview(example: E): DataReport['preview'][number];
  /** The examples that go together with the others, and what their labels come to. */
  together(examples: readonly E[]): {
    examples: readonly E[];
    badLines: BadLine[];
    labels: DataReport['labels'];
  };
  /** What a person should know of how the model takes them, in sentences. */
  notices(examples: readonly E[], tokenizer: Tokenizer): string[];
  /** The sequences of each example that has tokens, and the lines without. */
  measure(
    examples: readonly E[],
    tokenizer: Tokenizer,
  ): { sizes: SequenceSize[][]; badLines: BadLine[] };
};

const previewed = 5;
/** A histogram has at most this many buckets. */
const buckets = 32;

/**
 * Reads the whole file; bad lines are reported rather than thrown, and come in the order of the file.
 * @param tokenizer null to leave out what depends on a model
 * @param longest tokens that a sequence may have
 * @throws dataset/not-found, dataset/not-readable, dataset/wrong-format, dataset/none-usable where there are no columns to map,
 *   tokenizer/no-chat-template
 */
export async function inspectData<E>(
  file: DataFile,
  look: Look<E>,
  tokenizer: Tokenizer | null,
  longest: number,
): Promise<DataReport> {
  const { path } = file;
  const data = await readData(file, look.parse);
  const { unit, columns, formats } = data;
  if (data.gaveUp && columns.length === 0) throw noneUsable(data, path);
  const { examples, badLines: misfits, labels } = look.together(data.examples);
  const notices = [
    ...tellUnread(data),
    ...tellUnusedKeys(data, path),
    ...(tokenizer ? [...tokenizer.notices, ...look.notices(examples, tokenizer)] : []),
  ];
  const preview = examples.slice(0, previewed).map((example) => look.preview(example));
  const found = { path, unit, columns, formats, preview, labels, notices };
  const read = [...data.badLines, ...misfits];
  if (tokenizer === null) {
    const badLines = read.sort(byLine);
    return { ...found, examples: examples.length, badLines, tokens: null };
  }
  const { sizes, badLines: without } = look.measure(examples, tokenizer);
  return {
    ...found,
    examples: sizes.length,
    badLines: [...read, ...without].sort(byLine),
    tokens: countTokens(sizes.flat(), longest),
  };
}

/** That the mapping or the file is another than was meant. */
function tellUnread({ missing, gaveUp, badLines, unit }: Data<unknown>): string[] {
  return [
    ...missing.map(({ name, as }) => `There is no column "${name}", which is mapped to "${as}".`),
    ...(gaveUp
      ? [`None of the first ${badLines.length} ${unit}s can be used; the rest was not read.`]
      : []),
  ];
}

function countTokens(
  sizes: readonly SequenceSize[],
  longestAllowed: number,
): NonNullable<DataReport['tokens']> {
  const lengths = sizes.map(({ length }) => length);
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
    total: sum(lengths),
    learnt: sizes.some(({ learnt }) => learnt === null)
      ? null
      : sum(sizes.map(({ learnt }) => learnt ?? 0)),
    longest,
    tooLong: lengths.filter((length) => length > longestAllowed).length,
    histogram: { width, counts },
  };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function byLine(a: BadLine, b: BadLine): number {
  return a.line - b.line;
}
