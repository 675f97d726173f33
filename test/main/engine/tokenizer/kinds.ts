/** Small tokenizers of every kind, and what the Rust library makes of texts by them. */
import { z } from 'zod';
import {
  createTokenizer,
  type Tokenizer,
} from '../../../../src/main/engine/tokenizer/tokenizer.ts';
import { fixture, readJson } from './fixtures.ts';

const object = z.record(z.string(), z.unknown());
const ids = z.array(z.int());
const texts = z.union([z.tuple([z.string()]), z.tuple([z.string(), z.string()])]);
const kind = z.strictObject({
  tokenizer: object,
  /** [text, ids, decoded, decoded without special tokens] */
  cases: z.array(z.tuple([z.string(), ids, z.string(), z.string()])).min(100),
  /** [texts, most tokens, side that is cut, ids, token types] */
  framed: z.array(z.tuple([texts, z.int(), z.enum(['left', 'right']), ids, ids])).min(100),
});

export function readKind(name: string): z.infer<typeof kind> {
  return kind.parse(readJson(fixture(`tokenizer-kinds/${name}.json`)));
}

/** The tokenizer of a tokenizer.json alone: the model's config names no token. */
export function openKind(
  tokenizerJson: Record<string, unknown>,
  tokenizerConfig: Record<string, unknown> = {},
): Tokenizer {
  const files = {
    tokenizerFile: null,
    tokenizerJson,
    tokenizerConfig: { eos_token: '</s>', ...tokenizerConfig },
    chatTemplate: null,
    generationConfig: null,
    notices: [],
  };
  return createTokenizer(files, { bosTokenId: null, eosTokenIds: [], vocabSize: 1 << 16 });
}
