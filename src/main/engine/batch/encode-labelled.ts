/** Labelled examples to tokens: texts within their special tokens, cut to fit, with the label at the token that is read. */
import { basename } from 'node:path';
import type { BadLine } from '../../../shared/contract/data-report.ts';
import { LorikeetError, lorikeetError } from '../../../shared/errors/lorikeet-error.ts';
import { formatCount } from '../../../shared/format.ts';
import { verbOf } from '../../../shared/how-many.ts';
import type { Label, LabelledExample } from '../dataset/labelled-example.ts';
import { parseLabelled } from '../dataset/parse-labelled.ts';
import { loadData, tellUnusedKeys, type DataFile } from '../dataset/read-data.ts';
import type { Tokenizer } from '../tokenizer/tokenizer.ts';
import { noLabel } from './block.ts';
import type { LoadedData } from './loaded-data.ts';
import type { Sequence } from './sequence.ts';
import { checkRows } from './token-rules.ts';

export type Framing = {
  /** Tokens that a sequence may have; texts are cut to it. */
  longest: number;
  /** Which token is read. */
  reads: 'first' | 'last';
  /** Whether the model tells the texts of a pair apart by token types. */
  types: boolean;
};

/**
 * A data file as examples and tokens, every line of it.
 * @throws dataset/bad-lines naming each line that cannot be used, and what `loadData` throws
 */
export async function loadLabelled(
  file: DataFile,
  tokenizer: Tokenizer,
  { numberOf, ...framing }: Framing & { numberOf: (label: Label) => number | { reason: string } },
): Promise<LoadedData<LabelledExample>> {
  const data = await loadData(file, parseLabelled);
  const { examples, unit } = data;
  const { path } = file;
  const badLines: BadLine[] = [];
  const encoded: Sequence[][] = [];
  let cutExamples = 0;
  for (const { line, texts, label } of examples) {
    const number = numberOf(label);
    const found = typeof number === 'object' ? number : framed(texts, number, tokenizer, framing);
    if ('reason' in found) {
      badLines.push({ line, reason: found.reason });
      continue;
    }
    encoded.push([{ line, ...found.sequence }]);
    if (found.cut > 0) cutExamples += 1;
  }
  if (badLines.length > 0) throw lorikeetError('dataset/bad-lines', { path, unit, badLines });
  const cut =
    cutExamples === 0
      ? []
      : [
          `${formatCount(cutExamples)} of the ${formatCount(examples.length)} texts of ${basename(path)} ${verbOf(cutExamples)} longer than ${framing.longest} tokens and ${verbOf(cutExamples)} cut to that, as transformers does.`,
        ];
  return { examples, encoded, notices: [...tellUnusedKeys(data, path), ...cut] };
}

/** One text, or a pair, with the label number at the place that is read; or why it cannot be used. */
export function framed(
  texts: LabelledExample['texts'],
  number: number,
  tokenizer: Tokenizer,
  { longest, reads, types: typed }: Framing,
): { sequence: Omit<Sequence, 'line'>; cut: number } | { reason: string } {
  const { tokens, types, cut } = tokenizer.encodeFramed(texts, longest);
  if (tokens.length === 0) return { reason: 'there is no token in it' };
  try {
    checkRows(tokens, tokenizer);
  } catch (error) {
    if (error instanceof LorikeetError) return { reason: error.problem.what };
    throw error;
  }
  const labels = new Int32Array(tokens.length).fill(noLabel);
  labels[reads === 'first' ? 0 : tokens.length - 1] = number;
  const ofPair = typed && types.some((type) => type !== 0);
  return {
    sequence: {
      tokens: Int32Array.from(tokens),
      labels,
      ...(ofPair ? { types: Int32Array.from(types) } : {}),
    },
    cut,
  };
}
