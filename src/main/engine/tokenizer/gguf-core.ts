/** What the kinds of vocabulary in GGUF files fill in differently, and what several of them share. */
import { lorikeetError } from '../../../shared/errors/lorikeet-error.ts';
import type { JsonObject } from '../../../shared/is-object.ts';
import { tokenType, type GgufVocabulary } from './gguf-metadata.ts';

/** Parts of tokenizer.json, and what else a kind decides. */
export type Core = Pick<
  JsonObject,
  'normalizer' | 'pre_tokenizer' | 'decoder' | 'model' | 'post_processor'
> & {
  /** What transformers is told of bos; null where the tokens around texts are another matter. */
  addBos: boolean | null;
  /** A token that takes the white space before it. */
  takesSpace: number | null;
  /** What was guessed, in sentences for a person. */
  notices: string[];
};

/** A token by its id and its text, as post-processors name it. */
export type NamedToken = readonly [text: string, id: number];

/** The token with that id; null where there is no id. */
export function namedToken({ tokens }: GgufVocabulary, id: number | null): NamedToken | null {
  const text = id === null ? undefined : tokens[id];
  return id === null || text === undefined ? null : [text, id];
}

/** Token texts to ids, without unused ones: they only pad the embedding to a round size, and could be typed by a user. */
export function vocabOf(
  { tokens, types }: GgufVocabulary,
  textOf = (token: string): string => token,
): Record<string, number> {
  // Object.fromEntries, because a vocabulary may hold "__proto__" as an ordinary word.
  return Object.fromEntries(
    tokens
      .map((token, id): [string, number] => [textOf(token), id])
      .filter(([, id]) => types[id] !== tokenType.unused),
  );
}

/** The BPE model of tokenizer.json. */
export function bpeModel(
  vocabulary: GgufVocabulary,
  merges: readonly [string, string][],
  options: JsonObject,
): JsonObject {
  const vocab = vocabOf(vocabulary);
  return {
    type: 'BPE',
    dropout: null,
    continuing_subword_prefix: null,
    end_of_word_suffix: null,
    ...options,
    vocab,
    // The Rust library refuses a merge whose result is not a token.
    merges: merges.filter(([left, right]) => Object.hasOwn(vocab, left + right)),
  };
}

/**
 * Gives the scores back.
 * @throws tokenizer/damaged where there are none
 */
export function scoresOf({ scores }: GgufVocabulary, path: string): readonly number[] {
  if (scores !== null) return scores;
  throw lorikeetError('tokenizer/damaged', { path, reason: 'tokenizer.ggml.scores is missing' });
}

/**
 * The tokens around an encoder's texts.
 * @throws tokenizer/damaged where one of them is not named
 */
export function frameTokens(
  vocabulary: GgufVocabulary,
  path: string,
): { cls: NamedToken; sep: NamedToken } {
  const { bos, eos, classifier, separator } = vocabulary.ids;
  const cls = namedToken(vocabulary, classifier ?? bos ?? indexOf(vocabulary, '[CLS]'));
  const sep = namedToken(vocabulary, separator ?? eos ?? indexOf(vocabulary, '[SEP]'));
  if (cls !== null && sep !== null) return { cls, sep };
  const reason = 'it names no tokens to begin and end a text with';
  throw lorikeetError('tokenizer/damaged', { path, reason });
}

function indexOf({ tokens }: GgufVocabulary, token: string): number | null {
  const id = tokens.indexOf(token);
  return id < 0 ? null : id;
}
