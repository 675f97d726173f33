/** Small tokenizers of every kind, and what the Rust library makes of texts by them. */
import { globSync } from 'node:fs';
import { z } from 'zod';
import { tokenizerFromGguf } from '../../../../src/main/engine/tokenizer/gguf-vocabulary.ts';
import {
  createTokenizer,
  type Tokenizer,
} from '../../../../src/main/engine/tokenizer/tokenizer.ts';
import { fixture, readJson } from './fixtures.ts';

const object = z.record(z.string(), z.unknown());
const ids = z.array(z.int());
const texts = z.union([z.tuple([z.string()]), z.tuple([z.string(), z.string()])]);
const kind = z.strictObject({
  tokenizer: object.and(z.object({ model: object })),
  /** [text, ids, decoded, decoded without special tokens] */
  cases: z.array(z.tuple([z.string(), ids, z.string(), z.string()])).min(100),
  /** [texts, most tokens, side that is cut, ids, token types] */
  framed: z.array(z.tuple([texts, z.int(), z.enum(['left', 'right']), ids, ids])).min(100),
  /** Its vocabulary as a GGUF file has it: the keys without `tokenizer.ggml.`. */
  gguf: object.optional(),
});

export function readKind(name: string): z.infer<typeof kind> {
  return kind.parse(readJson(fixture(`tokenizer-kinds/${name}.json`)));
}

/** The tokenizer of a tokenizer.json; the model's config names only some end of text. */
export function openKind(
  tokenizerJson: Record<string, unknown>,
  tokenizerConfig: Record<string, unknown> = {},
): Tokenizer {
  const files = {
    tokenizerFile: null,
    tokenizerJson,
    tokenizerConfig,
    chatTemplate: null,
    generationConfig: null,
    notices: [],
  };
  return createTokenizer(files, { bosTokenId: null, eosTokenIds: [0], vocabSize: 1 << 16 });
}

/** The tokenizer of the vocabulary of a GGUF file. */
export function openGgufKind(keys: Record<string, unknown>): Tokenizer {
  const metadata = Object.fromEntries(
    Object.entries(keys).map(([key, value]) => [`tokenizer.ggml.${key}`, value]),
  );
  const { tokenizerJson, tokenizerConfig } = tokenizerFromGguf(metadata, 'm.gguf');
  return openKind(tokenizerJson, tokenizerConfig);
}

/** The kinds that have a fixture. */
export const kinds = globSync('*.json', { cwd: fixture('tokenizer-kinds') })
  .filter((file) => file !== 'provenance.json')
  .map((file) => file.replace('.json', ''));

/** The cases that a tokenizer gives other ids or texts for, with what it gives. */
export function unlike(tokenizer: Tokenizer, cases: z.infer<typeof kind>['cases']): unknown[] {
  return cases.flatMap(([text, ids, decoded, plain]) => {
    const found = [
      text,
      tokenizer.encode(text),
      tokenizer.decode(ids),
      tokenizer.decode(ids, { skipSpecial: true }),
    ];
    const wanted = [text, ids, decoded, plain];
    return JSON.stringify(found) === JSON.stringify(wanted) ? [] : [{ found, wanted }];
  });
}
