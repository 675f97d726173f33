/** @huggingface/tokenizers behind a type of our own: its declarations do not resolve under Node's module rules. */
import { Tokenizer } from '@huggingface/tokenizers';
import { z } from 'zod';

/** What is used of the library's tokenizer. */
export type LibraryTokenizer = {
  encode(text: string, options: { add_special_tokens: boolean }): { ids: number[] };
  decode(ids: number[], options: { clean_up_tokenization_spaces: boolean }): string;
  token_to_id(token: string): number | undefined;
  id_to_token(id: number): string | undefined;
};

const method = z.custom((value) => typeof value === 'function', 'not a method');
const shape = z.object({
  encode: method,
  decode: method,
  token_to_id: method,
  id_to_token: method,
});

/** @throws an Error of the library for a tokenizer.json that it does not know */
export function openLibraryTokenizer(tokenizerJson: object): LibraryTokenizer {
  const constructor: unknown = Tokenizer;
  if (typeof constructor !== 'function') throw new Error('the tokenizer library has no Tokenizer');
  const created: unknown = Reflect.construct(constructor, [
    tokenizerJson,
    { clean_up_tokenization_spaces: false },
  ]);
  if (!isLibraryTokenizer(created)) throw new Error('the tokenizer library has another interface');
  return created;
}

function isLibraryTokenizer(value: unknown): value is LibraryTokenizer {
  return shape.safeParse(value).success;
}
