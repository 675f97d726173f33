/** Shows which tokens of a sequence are learnt. */
import { noLabel } from '../../../../src/main/engine/batch/block.ts';
import type { Sequence } from '../../../../src/main/engine/batch/sequence.ts';
import type { Tokenizer } from '../../../../src/main/engine/tokenizer/tokenizer.ts';

/** [n] 1 where the token is predicted with loss, which is the label of the token before it. */
export function lossMask({ tokens, labels }: Sequence): number[] {
  return [...tokens].map((token, t) => {
    const label = labels[t - 1] ?? noLabel;
    if (label !== noLabel && label !== token) throw new Error(`place ${t - 1} has another label`);
    return label === noLabel ? 0 : 1;
  });
}

/** The text of a sequence with the learnt stretches in «». */
export function marked(sequence: Sequence, tokenizer: Tokenizer): string {
  const { tokens } = sequence;
  const learnt = lossMask(sequence);
  let text = '';
  let start = 0;
  for (let end = 1; end <= tokens.length; end++) {
    if (end < tokens.length && learnt[end] === learnt[start]) continue;
    const stretch = tokenizer.decode([...tokens.subarray(start, end)]);
    text += learnt[start] === 1 ? `«${stretch}»` : stretch;
    start = end;
  }
  return text;
}
