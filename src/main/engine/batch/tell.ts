/** What a person should know of encoded examples before they are worked on, in sentences. */
import { formatCount } from '../../../shared/format.ts';
import { howMany, verbOf } from '../../../shared/how-many.ts';
import type { Sequence } from './sequence.ts';

/**
 * What is left out because it is longer than a block.
 * @param examples the sequences of each example
 * @param purpose which examples they are, before a space: 'for validation '
 */
export function tellTooLong(
  examples: readonly (readonly Sequence[])[],
  tooLong: readonly Sequence[],
  sequenceLength: number,
  purpose = '',
): string[] {
  const out = new Set(tooLong);
  const count = (test: (sequences: readonly Sequence[]) => boolean) => examples.filter(test).length;
  const whole = count((sequences) => sequences.every((each) => out.has(each)));
  const some = count((sequences) => sequences.some((each) => out.has(each))) - whole;
  const left = `longer than ${sequenceLength} tokens and are left out.`;
  return [
    ...(whole > 0 ? [`${whole} examples ${purpose}are ${left}`] : []),
    ...(some > 0 ? [`Later parts of ${some} examples ${purpose}are ${left}`] : []),
  ];
}

/** That there are more sequences than examples. */
export function tellSequences(examples: readonly (readonly Sequence[])[]): string[] {
  const several = examples.filter(({ length }) => length > 1);
  if (several.length === 0) return [];
  const sequences = several.reduce((sum, { length }) => sum + length, 0);
  return [
    `${howMany(several.length, 'conversation')} ${verbOf(several.length)} learnt as ${formatCount(sequences)} sequences: earlier parts are other text or other tokens once a conversation goes on.`,
  ];
}

/** Blocks, or examples in them, that are longer than the model was made for. */
export function tellBeyondContext(
  examples: readonly (readonly Sequence[])[],
  sequenceLength: number,
  contextLength: number,
): string[] {
  if (sequenceLength <= contextLength) return [];
  const beyond = examples.filter((sequences) =>
    sequences.some(
      ({ tokens }) => tokens.length > contextLength && tokens.length <= sequenceLength,
    ),
  ).length;
  const reach =
    beyond === 0
      ? 'Nothing that is read reaches beyond it, so nothing comes of it'
      : `${howMany(beyond, 'example')} ${verbOf(beyond, 'reaches', 'reach')} beyond it, where the model may learn and answer badly`;
  return [
    `The sequence length of ${sequenceLength} tokens is beyond the model's context of ${contextLength}. ${reach}.`,
  ];
}
