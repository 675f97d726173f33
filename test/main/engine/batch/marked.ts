/** Shows which tokens of a sequence are learnt. */
import type { EncodedExample } from '../../../../src/main/engine/batch/encode.ts';
import type { Tokenizer } from '../../../../src/main/engine/tokenizer/tokenizer.ts';

/** The text of a sequence with the learnt stretches in «». */
export function marked({ tokens, learnt }: EncodedExample, tokenizer: Tokenizer): string {
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
