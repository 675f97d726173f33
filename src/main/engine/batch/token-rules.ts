/** What holds for the tokens of every text: how it begins and ends, and that the model has a row for each. */
import { lorikeetError } from '../../../shared/errors/lorikeet-error.ts';
import type { Tokenizer } from '../tokenizer/tokenizer.ts';

/** Puts the bos token first where the model's texts start with it and these do not yet. */
export function withBos(tokens: readonly number[], tokenizer: Tokenizer): number[] {
  const { bosTokenId } = tokenizer;
  const missing = tokenizer.startsWithBos && bosTokenId !== null && tokens[0] !== bosTokenId;
  return missing ? [bosTokenId, ...tokens] : [...tokens];
}

/** Puts the end token last where the text does not end with one yet, the white space behind one apart. */
export function withEnd(
  text: string,
  encode: (text: string) => number[],
  tokenizer: Tokenizer,
): number[] {
  const { eosTokenId, stopTokenIds } = tokenizer;
  const trimmed = encode(text.trimEnd());
  if (stopTokenIds.includes(trimmed.at(-1) ?? -1)) return trimmed;
  return [...encode(text), eosTokenId];
}

/**
 * Gives the tokens back.
 * @throws tokenizer/no-row for a token that the model's embedding has no row for
 */
export function checkRows<T extends ArrayLike<number> & Iterable<number>>(
  tokens: T,
  tokenizer: Tokenizer,
): T {
  const rows = tokenizer.embeddingRows;
  for (const id of tokens) {
    if (id >= rows)
      throw lorikeetError('tokenizer/no-row', { token: tokenizer.decode([id]), id, rows });
  }
  return tokens;
}
