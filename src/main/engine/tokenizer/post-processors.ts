/** Post-processors of tokenizer.json, written for vocabularies that come without one. */
import type { JsonObject } from '../../../shared/is-object.ts';
import type { NamedToken } from './gguf-core.ts';

type Piece = NamedToken | 'A' | 'B';

/** The token before each text, as LLaMA's, Mistral's and Gemma's tokenizer.json have it. */
export function startWith(token: NamedToken): JsonObject {
  return templateOf([token, 'A'], [token, 'A', token, 'B'], 1);
}

/** `[CLS] A [SEP]`, and `[CLS] A [SEP] B [SEP]` with a token type of its own for the second text. */
export function bertFrame({ cls, sep }: { cls: NamedToken; sep: NamedToken }): JsonObject {
  return templateOf([cls, 'A', sep], [cls, 'A', sep, 'B', sep], 1);
}

/** `<s> A </s>`, and `<s> A </s> </s> B </s>`, of one token type. */
export function robertaFrame({ cls, sep }: { cls: NamedToken; sep: NamedToken }): JsonObject {
  return templateOf([cls, 'A', sep], [cls, 'A', sep, sep, 'B', sep], 0);
}

/** @param secondType the token type of the second text, and of a token before it that is the first one again */
function templateOf(
  single: readonly Piece[],
  pair: readonly Piece[],
  secondType: number,
): JsonObject {
  const write = (pieces: readonly Piece[]) => {
    const b = pieces.indexOf('B');
    const second = pieces[b - 1] === pieces[0] ? b - 1 : b;
    return pieces.map((piece, i) => {
      const type_id = b >= 0 && i >= second ? secondType : 0;
      return typeof piece === 'string'
        ? { Sequence: { id: piece, type_id } }
        : { SpecialToken: { id: piece[0], type_id } };
    });
  };
  const tokens = pair.filter((piece) => typeof piece !== 'string');
  return {
    type: 'TemplateProcessing',
    single: write(single),
    pair: write(pair),
    special_tokens: Object.fromEntries(
      tokens.map(([text, id]) => [text, { id: text, ids: [id], tokens: [text] }]),
    ),
  };
}
