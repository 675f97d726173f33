/** A sequence as the model is given it, cut into its tokens for a person to see. */
import type { DataReport } from '../../../shared/contract/data-report.ts';
import { noLabel } from '../batch/block.ts';
import type { Sequence } from '../batch/sequence.ts';
import type { Tokenizer } from '../tokenizer/tokenizer.ts';

type Shown = NonNullable<DataReport['tokens']>['shown'][number];

/** Tokens of a sequence that are shown: enough for the beginning of a conversation. */
const most = 400;
/** What a token says may depend on those before it, as a space in front does. */
const context = 4;
/** No letter of any script takes more tokens: UTF-8 has four bytes for one, and joined ones are shown apart. */
const mostOfLetter = 4;

export function shownSequence(
  { line, tokens, labels }: Pick<Sequence, 'line' | 'tokens' | 'labels'>,
  tokenizer: Tokenizer,
): Shown {
  const shown = Math.min(tokens.length, most);
  const ids = [...tokens.subarray(0, shown)];
  // A token is learnt where the one before it has it as its label.
  const isLearnt = (at: number): boolean => at > 0 && (labels[at - 1] ?? noLabel) !== noLabel;
  const isSpecial = (at: number): boolean => {
    const id = ids.slice(at, at + 1);
    return tokenizer.decode(id) !== '' && tokenizer.decode(id, { skipSpecial: true }) === '';
  };
  const pieces: Shown['pieces'] = [];
  for (let begin = 0; begin < shown;) {
    const [learnt, special] = [isLearnt(begin), isSpecial(begin)];
    let end = begin + 1;
    // A letter in parts is shown with the last of them.
    while (
      end < Math.min(shown, begin + mostOfLetter) &&
      textOf(ids, begin, end, tokenizer).endsWith('\uFFFD') &&
      isLearnt(end) === learnt &&
      !isSpecial(end)
    )
      end += 1;
    pieces.push({ text: textOf(ids, begin, end, tokenizer), learnt, special });
    begin = end;
  }
  return { line, pieces, left: tokens.length - shown };
}

/** What the tokens add to the text of those before them. */
function textOf(ids: readonly number[], begin: number, end: number, tokenizer: Tokenizer): string {
  const before = ids.slice(Math.max(0, begin - context), begin);
  const own = ids.slice(begin, end);
  const prefix = tokenizer.decode(before);
  const whole = tokenizer.decode([...before, ...own]);
  return whole.startsWith(prefix) ? whole.slice(prefix.length) : tokenizer.decode(own);
}

/** How many runs of learnt tokens there are, and how many of them end with no token at which generation stops. */
export function endsOf(
  { tokens, labels }: Pick<Sequence, 'tokens' | 'labels'>,
  stops: readonly number[],
): { answers: number; open: number } {
  let [answers, open] = [0, 0];
  for (let at = 0; at < labels.length; at++) {
    const last = labels[at] !== noLabel && (labels[at + 1] ?? noLabel) === noLabel;
    if (!last) continue;
    answers += 1;
    if (!stops.includes(tokens[at + 1] ?? -1)) open += 1;
  }
  return { answers, open };
}
