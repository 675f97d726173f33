/** What is in a data file: formats, bad lines, a preview, and lengths in a model's tokens. */
import type { BadLine, DataReport } from '../../../shared/contract/data-report.ts';
import {
  noneUsable,
  readData,
  tellUnusedKeys,
  type Data,
  type DataFile,
  type ParseRow,
} from '../dataset/read-data.ts';
import type { Sequence } from '../batch/sequence.ts';
import { splitExamples } from '../dataset/split.ts';
import type { Tokenizer } from '../tokenizer/tokenizer.ts';
import { overlapOf, repeatsIn, type HeldBack, type Lined } from './same-lines.ts';
import { shownSequence } from './shown-sequence.ts';

/** A sequence in figures: its tokens before anything is cut, and those of them that are predicted, null where that is no figure. */
export type SequenceSize = {
  length: number;
  learnt: number | null;
  /** Answers in it, and those without an end; null where that is no figure. */
  ends: { answers: number; open: number } | null;
};

/** How the examples of one task are looked at. */
export type Look<E extends Lined> = {
  parse: ParseRow<E>;
  preview(example: E): Omit<DataReport['preview'][number], 'line'>;
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
  /** The sequences of one example; none where it has no tokens. */
  sequences(example: E, tokenizer: Tokenizer): readonly Sequence[];
  /** What is longer than a block is cut to it, and otherwise left out. */
  cuts: boolean;
};

/** What a report is made for: a model's tokenizer, or null to leave out what depends on one; tokens that a sequence may have. */
export type Asked = { tokenizer: Tokenizer | null; longest: number; held: HeldBack };

const previewed = 5;
/** A histogram has at most this many buckets. */
const buckets = 32;

/**
 * Reads the whole file; bad lines are reported rather than thrown, and come in the order of the file.
 * @throws dataset/not-found, dataset/not-readable, dataset/wrong-format, dataset/none-usable where there are no columns to map,
 *   tokenizer/no-chat-template
 */
export async function inspectData<E extends Lined>(
  file: DataFile,
  look: Look<E>,
  { tokenizer, longest, held }: Asked,
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
  const first = examples.slice(0, previewed);
  const preview = first.map((example) => ({ line: example.line, ...look.preview(example) }));
  const repeats = repeatsIn(examples);
  const overlap = await overlapOf(examples, held, async (other) => {
    const read = await readData({ ...file, path: other }, look.parse);
    return read.examples;
  });
  const found = { path, unit, columns, formats, preview, labels, notices, repeats, overlap };
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
    tokens: {
      ...countTokens(sizes.flat(), longest),
      perEpoch: tokensOfEpoch(sizes, look.cuts, longest, held),
      shown: first.flatMap((example) =>
        look.sequences(example, tokenizer).map((sequence) => shownSequence(sequence, tokenizer)),
      ),
    },
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

/** Tokens of the part that is learnt from, without what is left out or cut. */
function tokensOfEpoch(
  sizes: readonly (readonly SequenceSize[])[],
  cuts: boolean,
  longest: number,
  { validation, seed }: HeldBack,
): number {
  const splits = validation.kind === 'split' && sizes.length >= 2;
  const train = splits ? splitExamples(sizes, validation.fraction, seed, '').train : sizes;
  const lengths = train.flat().map(({ length }) => length);
  return sum(lengths.map((length) => (length <= longest ? length : cuts ? longest : 0)));
}

function countTokens(
  sizes: readonly SequenceSize[],
  longestAllowed: number,
): Omit<NonNullable<DataReport['tokens']>, 'perEpoch' | 'shown'> {
  const lengths = sizes.map(({ length }) => length);
  const ends = sizes.flatMap((size) => size.ends ?? []);
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
    ends:
      ends.length < sizes.length
        ? null
        : {
            answers: sum(ends.map(({ answers }) => answers)),
            open: sum(ends.map(({ open }) => open)),
          },
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
