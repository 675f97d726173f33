/** A WordPiece tokenizer as GGUF has it (`bert`). */
import { tokenType } from './gguf-metadata.ts';
import { listTokens, notInGguf, text, type GgufKind, type GgufSource } from './to-gguf-source.ts';

/**
 * Beginnings of words are marked in place of what goes on: `##x` is written as `x`, and `x` as `▁x`.
 * @throws tokenizer/not-in-gguf where capital letters or accents count, which llama.cpp takes away from every text
 */
export function wordPieceKind(source: GgufSource): GgufKind {
  const { tokenizer } = source;
  const read = (sample: string) => tokenizer.encode(sample).join();
  if (read('ABC D É') !== read('abc d e')) {
    const reason = 'capital letters or accents count in it, and llama.cpp takes them away';
    throw notInGguf(source, reason);
  }
  return {
    model: 'bert',
    tokens: listTokens(source, undefined, (token, type) => {
      if (type !== tokenType.normal) return token.text;
      return token.text.startsWith('##') ? token.text.slice(2) : `▁${token.text}`;
    }),
    entries: [['tokenizer.ggml.pre', text('default')]],
    ways: [[]],
  };
}
