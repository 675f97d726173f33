/** @huggingface/tokenizers behind a type of our own, with the parts that differ from the Rust library put right. */
import { Tokenizer } from '@huggingface/tokenizers';
import { z } from 'zod';
import type { JsonObject } from '../../../shared/is-object.ts';
import { ownDecoder, ownNormalizer } from './own-parts.ts';
import { repairModel } from './repair-model.ts';
import { repairNormalizer } from './repair-normalizer.ts';
import { repairPreTokenizer } from './repair-pre-tokenizer.ts';

/** What is used of the library's tokenizer; its own declarations do not resolve under Node's module rules. */
export type LibraryTokenizer = {
  encode(text: string, options: { add_special_tokens: boolean }): { ids: number[] };
  decode(ids: number[], options: { clean_up_tokenization_spaces: boolean }): string;
  token_to_id(token: string): number | undefined;
  id_to_token(id: number): string | undefined;
};

/** What is read of tokenizer.json here. */
export type TokenizerJson = Readonly<{
  model: JsonObject;
  added_tokens: readonly JsonObject[];
  normalizer: unknown;
  pre_tokenizer: unknown;
  decoder: unknown;
}>;

const method = z.custom((value) => typeof value === 'function', 'not a method');
/** Parts are functions with properties. */
const part: z.ZodType<Part> = z.custom<Part>(
  (value) => typeof value === 'function' && 'config' in value,
  'not a part',
);
type Part = { config: JsonObject; normalizers?: readonly unknown[]; decoders?: readonly unknown[] };
type Model = { _call: (tokens: string[]) => string[] };
const shape = z.object({
  encode: method,
  decode: method,
  token_to_id: method,
  id_to_token: method,
  normalizer: part.nullable(),
  decoder: part.nullable(),
  model: z.custom<Model>((value) => typeof value === 'function' && '_call' in value, 'not a model'),
});

/** @throws an Error that says what of the tokenizer.json cannot be read exactly */
export function openLibraryTokenizer(json: TokenizerJson): LibraryTokenizer {
  for (const token of json.added_tokens) {
    if (token['single_word'] === true) {
      const text = JSON.stringify(token['content']);
      throw new Error(`its token ${text} is one only where it stands as a word of its own`);
    }
  }
  const constructor: unknown = Tokenizer;
  if (typeof constructor !== 'function') throw new Error('the tokenizer library has no Tokenizer');
  const created: unknown = Reflect.construct(constructor, [
    {
      ...json,
      model: repairModel(json.model),
      normalizer: repairNormalizer(json.normalizer),
      pre_tokenizer: repairPreTokenizer(json.pre_tokenizer),
      // What stands around texts is read in frames.ts: the library's RobertaProcessing gives types that RoBERTa does not have.
      post_processor: null,
    },
    { clean_up_tokenization_spaces: false },
  ]);
  if (!isLibraryTokenizer(created)) throw new Error('the tokenizer library has another interface');
  const { normalizer, decoder, model } = shape.parse(created);
  putOwn(normalizer, ownNormalizer);
  putOwn(decoder, ownDecoder);
  fuseWithinWords(model);
  return created;
}

function isLibraryTokenizer(value: unknown): value is LibraryTokenizer {
  return shape.safeParse(value).success;
}

/** Puts own methods in the place of a part's, and of those in its sequence. */
function putOwn(of: Part | null, own: (config: JsonObject) => object | null): void {
  if (of === null) return;
  Object.assign(of, own(of.config));
  for (const inner of of.normalizers ?? of.decoders ?? []) {
    const parsed = part.safeParse(inner);
    if (parsed.success) putOwn(parsed.data, own);
  }
}

/** The library makes one token of unknown characters that follow one another, also where a word ends between them. */
function fuseWithinWords(model: Model): void {
  const call = model._call.bind(model);
  Object.assign(model, {
    _call: (words: readonly string[]) => words.flatMap((word) => call([word])),
  });
}
