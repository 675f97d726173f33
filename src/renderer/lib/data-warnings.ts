/** What a person should know of the data before a run learns from it, in sentences. */
import type { DataReport } from '../../shared/contract/data-report.ts';
import { formatCount, formatPercent } from '../../shared/format.ts';
import { howMany, verbOf } from '../../shared/how-many.ts';

/** As much as this left out or cut is no accident. */
const muchTooLong = 0.05;

/** @param ofFile whether validation has a file of its own */
export function dataWarnings(report: DataReport, ofFile: boolean): string[] {
  const { repeats, overlap, tokens, labels, unit } = report;
  const warnings: string[] = [];
  if (overlap !== null && overlap.examples > 0) {
    const { examples, held, first } = overlap;
    const lines = first.map(({ line, of }) =>
      ofFile
        ? `its ${unit} ${formatCount(line)} is ${unit} ${formatCount(of)} of the data`
        : `${unit} ${formatCount(line)} is ${unit} ${formatCount(of)}`,
    );
    warnings.push(
      `${howMany(examples, 'validation example')} of ${formatCount(held)} ${verbOf(examples)} learnt from, too: ${named(lines, examples)}. The validation loss will look better than it is.`,
    );
  }
  if (repeats.examples > 0) {
    const { examples, first } = repeats;
    const lines = first.map(
      ({ line, of }) => `${unit} ${formatCount(line)} repeats ${formatCount(of)}`,
    );
    warnings.push(
      `${howMany(examples, 'example')} ${verbOf(examples, 'says', 'say')} word for word what an earlier one says: ${named(lines, examples)}. They count that many times more.`,
    );
  }
  if (tokens === null) return warnings;
  const { ends, tooLong, sequences } = tokens;
  if (ends !== null && ends.open > 0)
    warnings.push(
      `${howMany(ends.open, 'answer')} of ${formatCount(ends.answers)} ${verbOf(ends.open, 'has', 'have')} no end of turn: the model learns no place to stop there, and may go on and on.`,
    );
  if (sequences > 0 && tooLong / sequences > muchTooLong)
    warnings.push(
      `${formatPercent(tooLong / sequences)} of the sequences are longer than a block and ${labels === null ? 'are left out of training' : 'are cut'}. A larger sequence length takes them in.`,
    );
  return warnings;
}

function named(lines: readonly string[], all: number): string {
  const more = all - lines.length;
  return [...lines, ...(more > 0 ? [`and ${formatCount(more)} more`] : [])].join(', ');
}
