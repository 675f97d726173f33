/** Vocabularies inside GGUF files: the same ids as the Rust library, and what is refused. */
import { existsSync } from 'node:fs';
import { gguf } from '@huggingface/gguf';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { cachePaths } from '../../../../src/main/cache.ts';
import { tokenizerFromGguf } from '../../../../src/main/engine/tokenizer/gguf-vocabulary.ts';
import {
  createTokenizer,
  type Tokenizer,
} from '../../../../src/main/engine/tokenizer/tokenizer.ts';
import { fixture, oracleCases, sentencePiece, tinyFiles } from './fixtures.ts';

async function metadataOf(path: string): Promise<Record<string, unknown>> {
  const { metadata } = await gguf(path, { allowLocalFile: true });
  return { ...metadata };
}

async function open(path: string): Promise<Tokenizer> {
  const files = tokenizerFromGguf(await metadataOf(path), path);
  return createTokenizer(files, { bosTokenId: 1, eosTokenIds: [2], vocabSize: 1 << 16 });
}

describe('SmolLM2 from its GGUF file', () => {
  it('gives the ids and texts of the Rust library for 300 odd strings', async () => {
    const path = cachePaths().starterModel;
    expect(existsSync(path), `${path} is missing: run "npm run setup"`).toBe(true);
    const tokenizer = await open(path);
    const cases = oracleCases('smollm2');
    const wrong = cases.filter(
      ([text, ids, decoded, plain]) =>
        tokenizer.encode(text).join() !== ids.join() ||
        tokenizer.decode(ids) !== decoded ||
        tokenizer.decode(ids, { skipSpecial: true }) !== plain,
    );
    expect(cases).toHaveLength(300);
    expect(wrong).toEqual([]);
    expect(tokenizer).toMatchObject({
      vocabSize: 49152,
      bosTokenId: 1,
      eosTokenId: 2,
      startsWithBos: false,
    });
    expect(
      tokenizer.renderChat(
        { messages: [{ role: 'user', content: 'Hi' }] },
        { addGenerationPrompt: true },
      ),
    ).toBe(
      '<|im_start|>system\nYou are a helpful AI assistant named SmolLM, trained by Hugging Face<|im_end|>\n<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n',
    );
  });
});

describe('a byte-level vocabulary', () => {
  it('is the one of the Hugging Face directory that the GGUF file was made from', async () => {
    const path = fixture('gguf/tiny-untied.gguf');
    const tokenizer = await open(path);
    for (const [text, ids] of oracleCases('tiny')) expect(tokenizer.encode(text)).toEqual(ids);
    const files = tokenizerFromGguf(await metadataOf(path), path);
    expect(files.chatTemplate).toBe(tinyFiles().chatTemplate);
    expect(files.tokenizerConfig).toMatchObject({
      bos_token: '<|im_start|>',
      eos_token: '<|im_end|>',
      add_bos_token: false,
    });
    expect(files.generationConfig).toMatchObject({ bos_token_id: 1, eos_token_id: 2 });
  });

  it('keeps a token called __proto__', () => {
    const metadata = smallMetadata({
      'tokenizer.ggml.tokens': ['<end>', '__proto__', 'a', 'b', 'ab'],
      'tokenizer.ggml.token_type': [3, 1, 1, 1, 1],
    });
    const { model } = z
      .object({ model: z.object({ vocab: z.custom<object>() }) })
      .parse(tokenizerFromGguf(metadata, 'm.gguf').tokenizerJson);
    expect(Object.entries(model.vocab)).toContainEqual(['__proto__', 1]);
  });

  it('starts with bos where the file or its split rule says so', () => {
    const start = (changes: Record<string, unknown>): boolean => {
      const files = tokenizerFromGguf(smallMetadata(changes), 'm.gguf');
      return createTokenizer(files, { bosTokenId: 0, eosTokenIds: [0], vocabSize: 5 })
        .startsWithBos;
    };
    expect(start({})).toBe(false);
    expect(start({ 'tokenizer.ggml.add_bos_token': true })).toBe(true);
    expect(start({ 'tokenizer.ggml.pre': 'llama-bpe' })).toBe(true);
    expect(
      start({ 'tokenizer.ggml.pre': 'llama-bpe', 'tokenizer.ggml.add_bos_token': false }),
    ).toBe(false);
  });

  it('leaves out unused ids, keeps user-defined tokens whole', () => {
    const files = tokenizerFromGguf(
      smallMetadata({ 'tokenizer.ggml.token_type': [3, 4, 1, 1, 5] }),
      'm.gguf',
    );
    const tokenizer = createTokenizer(files, { bosTokenId: null, eosTokenIds: [0], vocabSize: 5 });
    expect(tokenizer.encode('a<tool>b')).toEqual([2, 1, 3]);
    expect(tokenizer.decode([0, 1], { skipSpecial: true })).toBe('<tool>');
    expect(tokenizer.encode('ab')).toEqual([2, 3]);
  });
});

describe('what a GGUF file leaves open', () => {
  const read = (changes: Record<string, unknown>) =>
    tokenizerFromGguf(smallMetadata(changes), 'm.gguf');

  it('is told: the split rule of byte pairs', () => {
    expect(read({}).notices).toEqual([]);
    expect(read({ 'tokenizer.ggml.pre': 'default' }).notices).toEqual([]);
    const unnamed = read({ 'tokenizer.ggml.pre': undefined });
    expect(unnamed.notices).toEqual([
      expect.stringMatching(/does not name its tokenizer's split rule.*a guess/),
    ]);
    const config = { bosTokenId: 0, eosTokenIds: [0], vocabSize: 5 };
    expect(createTokenizer(unnamed, config).notices).toEqual(unnamed.notices);
    // Scores need no rule.
    expect(tokenizerFromGguf(sentencePiece.metadata, 'm.gguf').notices).toEqual([]);
  });

  it('is chosen or refused: one of several chat templates', () => {
    const tool = { 'tokenizer.chat_template.tool_use': 'T' };
    const usual = read({ ...tool, 'tokenizer.chat_template': 'D' });
    expect(usual).toMatchObject({ chatTemplate: 'D', notices: [] });
    const other = read({ ...tool, 'tokenizer.chat_template.chat': 'C' });
    expect(other.chatTemplate).toBe('C');
    expect(other.notices).toEqual([expect.stringContaining('template "chat" is used')]);
  });
});

describe('a SentencePiece vocabulary', () => {
  it('derives the merges from the scores as transformers does', () => {
    const { model } = z
      .object({ model: z.object({ merges: z.array(z.tuple([z.string(), z.string()])) }) })
      .parse(tokenizerFromGguf(sentencePiece.metadata, 'm.gguf').tokenizerJson);
    expect(model.merges).toEqual(sentencePiece.merges);
  });

  it('gives the ids and texts of the Rust library', () => {
    const files = tokenizerFromGguf(sentencePiece.metadata, 'm.gguf');
    const tokenizer = createTokenizer(files, {
      bosTokenId: 1,
      eosTokenIds: [2],
      vocabSize: 1 << 16,
    });
    expect(tokenizer.startsWithBos).toBe(true);
    for (const [text, ids, decoded] of oracleCases('sentencepiece')) {
      expect(tokenizer.encode(text)).toEqual(ids);
      expect(tokenizer.decode(ids)).toBe(decoded);
    }
  });
});

describe('what is refused', () => {
  it('is named: other kinds of vocabulary and unknown split rules', () => {
    const refuse = (changes: Record<string, unknown>) => () =>
      tokenizerFromGguf(smallMetadata(changes), 'm.gguf');
    expect(refuse({ 'tokenizer.ggml.model': 'rwkv' })).toThrow(/not supported.*"rwkv".*"t5"/);
    expect(refuse({ 'tokenizer.ggml.pre': 'chatglm-bpe' })).toThrow(/"chatglm-bpe".*smollm/);
  });

  it('is named: keys that are missing or do not fit', () => {
    const refuse = (changes: Record<string, unknown>) => () =>
      tokenizerFromGguf(smallMetadata(changes), 'm.gguf');
    expect(refuse({ 'tokenizer.ggml.tokens': undefined })).toThrow(/tokenizer.ggml.tokens/);
    expect(refuse({ 'tokenizer.ggml.token_type': [1, 1] })).toThrow(/5 tokens but 2 values/);
    expect(refuse({ 'tokenizer.ggml.merges': undefined })).toThrow(/merges is missing/);
    expect(refuse({ 'tokenizer.ggml.model': 'llama' })).toThrow(/scores is missing/);
  });
});

function smallMetadata(changes: Record<string, unknown>): Record<string, unknown> {
  return {
    'tokenizer.ggml.model': 'gpt2',
    'tokenizer.ggml.pre': 'gpt-2',
    'tokenizer.ggml.tokens': ['<end>', '<tool>', 'a', 'b', 'ab'],
    'tokenizer.ggml.token_type': [3, 4, 1, 1, 1],
    'tokenizer.ggml.merges': ['a b'],
    'tokenizer.ggml.bos_token_id': 0,
    'tokenizer.ggml.eos_token_id': 0,
    ...changes,
  };
}
