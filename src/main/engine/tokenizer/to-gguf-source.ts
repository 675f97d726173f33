/** A tokenizer that is to be written into a GGUF file, and the list of tokens that the file has of it. */
import { lorikeetError } from '../../../shared/errors/lorikeet-error.ts';
import type { JsonObject } from '../../../shared/is-object.ts';
import { tokenType } from './gguf-metadata.ts';
import type { GgufValue } from './gguf-pairs.ts';
import type { Tokenizer } from './tokenizer.ts';
import type { AddedTokenJson } from './tokenizer-json.ts';

export type GgufSource = {
  model: JsonObject;
  normalizer: unknown;
  preTokenizer: unknown;
  /** Text to id of all tokens; an added token goes before a word of the model. */
  words: ReadonlyMap<string, number>;
  /** By id. */
  added: ReadonlyMap<number, AddedTokenJson>;
  /** Rows of the model's embedding: llama.cpp wants a token for each. */
  rows: number;
  /** Reads texts as the files say. */
  tokenizer: Tokenizer;
  path: string;
};

export type GgufEntry = [key: string, value: GgufValue];

/** What a kind of vocabulary is in GGUF. */
export type GgufKind = {
  /** `tokenizer.ggml.model` */
  model: 'gpt2' | 'llama' | 't5' | 'bert';
  tokens: TokenList;
  entries: GgufEntry[];
  /** What the format knows several of, the usual one first: entries of which the first that reads texts alike is right. */
  ways: [GgufEntry[], ...GgufEntry[][]];
  /** What a reader's model does otherwise, in sentences for a person. */
  tellOf?: (model: unknown) => string[];
};

export type TokenList = { texts: readonly string[]; types: readonly number[] };
export type ListedToken = { id: number; text: string; added: AddedTokenJson | null };

/**
 * Every id of the embedding with its text and its type; ids that the tokenizer does not have are unused.
 * @param typeOf the type of what is neither added nor missing, and of added tokens that are read otherwise than as such
 * @param textOf how the kind spells a token
 */
export function listTokens(
  { words, added, rows }: GgufSource,
  typeOf: (token: ListedToken) => number = usualType,
  textOf: (token: ListedToken, type: number) => string = ({ text }) => text,
): TokenList {
  const byId = new Map([...words].map(([text, id]) => [id, text]));
  const listed = Array.from({ length: rows }, (_, id): { text: string; type: number } => {
    const text = byId.get(id);
    if (text === undefined) return { text: filler(id, words), type: tokenType.unused };
    const token = { id, text, added: added.get(id) ?? null };
    const type = typeOf(token);
    return { text: textOf(token, type), type };
  });
  return { texts: listed.map(({ text }) => text), types: listed.map(({ type }) => type) };
}

export function usualType({ added }: ListedToken): number {
  if (added === null) return tokenType.normal;
  return added.special ? tokenType.control : tokenType.userDefined;
}

/** As llama.cpp's converter fills up; a token has to be the only one of its text. */
function filler(id: number, words: ReadonlyMap<string, number>): string {
  let text = `[PAD${id}]`;
  while (words.has(text)) text = `[${text}]`;
  return text;
}

/** The error for what the format has no word for. */
export function notInGguf({ path }: Pick<GgufSource, 'path'>, reason: string): Error {
  return lorikeetError('tokenizer/not-in-gguf', { path, reason });
}

export const text = (value: string): GgufValue => ({ type: 'string', value });
export const flag = (value: boolean): GgufValue => ({ type: 'bool', value });
export const number = (value: number): GgufValue => ({ type: 'uint32', value });
export const texts = (value: readonly string[]): GgufValue => ({
  type: 'array',
  of: 'string',
  value,
});
