/** Tokenizers that are committed as fixtures, and what the Rust library says about them. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import type { ChatManner } from '../../../../src/main/engine/tokenizer/chat-manner.ts';
import type { TokenizerFiles } from '../../../../src/main/engine/tokenizer/files.ts';
import {
  createTokenizer,
  type Tokenizer,
} from '../../../../src/main/engine/tokenizer/tokenizer.ts';

export function fixture(path: string): string {
  return fileURLToPath(new URL(`../../../fixtures/${path}`, import.meta.url));
}

export function readJson(path: string): unknown {
  return JSON.parse(readFileSync(path, 'utf8'));
}

const object = z.record(z.string(), z.unknown());

/** [text, ids, decoded, decoded without special tokens] */
const oracleFile = z.looseObject({
  cases: z.array(z.tuple([z.string(), z.array(z.int()), z.string(), z.string()])).min(60),
});

export function oracleCases(name: string): [string, number[], string, string][] {
  return oracleFile.parse(readJson(fixture(`tokenizer/${name}.json`))).cases;
}

/** A small vocabulary of SentencePiece as GGUF key-values, and the merges that transformers derives from its scores. */
export const sentencePiece = z
  .object({
    metadata: z.looseObject({ 'tokenizer.ggml.tokens': z.array(z.string()) }),
    merges: z.array(z.tuple([z.string(), z.string()])).min(50),
  })
  .transform((each) => ({ ...each, tokens: each.metadata['tokenizer.ggml.tokens'].length }))
  .parse(readJson(fixture('tokenizer/sentencepiece.json')));

/** The files of a fixture model of 288 byte-level tokens with ChatML: 0 end of text, 1 start of turn, 2 end of turn. */
export function tinyFiles(): TokenizerFiles {
  const folder = fixture('models/tiny-tied');
  return {
    tokenizerFile: null,
    tokenizerJson: object.parse(readJson(`${folder}/tokenizer.json`)),
    tokenizerConfig: object.parse(readJson(`${folder}/tokenizer_config.json`)),
    chatTemplate: readFileSync(`${folder}/chat_template.jinja`, 'utf8'),
    generationConfig: null,
    notices: [],
  };
}

/** What the tokenizer needs of the model's config. */
export const tinyIds = { bosTokenId: 1, eosTokenIds: [2], vocabSize: 288 };

export function tinyTokenizer(
  changes: Partial<TokenizerFiles> = {},
  manner: Partial<ChatManner> = {},
): Tokenizer {
  const usual: ChatManner = { thinking: 'auto', date: '2026-11-26' };
  return createTokenizer({ ...tinyFiles(), ...changes }, tinyIds, { ...usual, ...manner });
}

/** A ChatML template that puts a system prompt first where there is none, as SmolLM2's does. */
export const templateWithSystemPrompt =
  "{% for message in messages %}{% if loop.first and messages[0]['role'] != 'system' %}{{ '<|im_start|>system\nBe brief<|im_end|>\n' }}{% endif %}{{'<|im_start|>' + message['role'] + '\n' + message['content'] + '<|im_end|>' + '\n'}}{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}";
