/** Tokenizers of Hugging Face directories as GGUF key-values: read again they give the ids of the Rust library, or are refused. */
import { describe, expect, it, test } from 'vitest';
import { z } from 'zod';
import type { TokenizerFiles } from '../../../../src/main/engine/tokenizer/files.ts';
import { plainValues } from '../../../../src/main/engine/tokenizer/gguf-pairs.ts';
import { tokenizerFromGguf } from '../../../../src/main/engine/tokenizer/gguf-vocabulary.ts';
import { preTokenizerNames } from '../../../../src/main/engine/tokenizer/pre-tokenizers.ts';
import { ggufTokenizer } from '../../../../src/main/engine/tokenizer/to-gguf.ts';
import {
  createTokenizer,
  type TokenizerConfig,
} from '../../../../src/main/engine/tokenizer/tokenizer.ts';
import { oracleCases, sentencePiece, tinyFiles, tinyIds } from './fixtures.ts';
import { filesOfRule, kindConfig, kindFiles, kindsInGguf } from './kinds-in-gguf.ts';
import { readKind, unlike } from './kinds.ts';

/** What is written, without the part of the keys that all have, and the tokenizer that a reader of it has. */
function written(files: TokenizerFiles, config: TokenizerConfig) {
  const { metadata, notices } = ggufTokenizer(files, config, 'm');
  const plain = plainValues(metadata);
  const read = tokenizerFromGguf(plain, 'm.gguf');
  const keys: Record<string, unknown> = Object.fromEntries(
    Object.entries(plain).map(([key, value]) => [key.replace(/^tokenizer\.(ggml\.)?/, ''), value]),
  );
  return {
    keys,
    notices,
    read: createTokenizer(read, config),
    files: read,
  };
}

const list = z.array(z.unknown());
const tinyModel = z.looseObject({ vocab: z.record(z.string(), z.int()) });

/** With more added tokens. */
function withAdded(files: TokenizerFiles, ...tokens: Record<string, unknown>[]): TokenizerFiles {
  const added = list.parse(files.tokenizerJson['added_tokens']);
  const flags = { single_word: false, lstrip: false, rstrip: false, normalized: false };
  const all = [...added, ...tokens.map((one) => ({ ...flags, ...one }))];
  return { ...files, tokenizerJson: { ...files.tokenizerJson, added_tokens: all } };
}

describe('every kind of tokenizer', () => {
  test.each(kindsInGguf)('%s', (name) => {
    const { cases, framed, gguf } = readKind(name);
    const { keys, notices, read } = written(kindFiles(name), kindConfig(name));
    expect(notices).toEqual([]);
    expect(keys['model']).toBe(gguf?.['model']);
    expect(unlike(read, cases)).toEqual([]);
    for (const [texts, most, side, tokens, types] of framed) {
      if (side === 'right') expect(read.encodeFramed(texts, most)).toMatchObject({ tokens, types });
    }
  });

  it('has the merges of SentencePiece again from the scores', () => {
    const files = tokenizerFromGguf(sentencePiece.metadata, 'm.gguf');
    const config = { bosTokenId: 1, eosTokenIds: [2], vocabSize: sentencePiece.tokens };
    const { keys, notices, read } = written(files, config);
    expect(notices).toEqual([]);
    expect(keys).toMatchObject({ model: 'llama', add_space_prefix: true, add_bos_token: true });
    for (const [text, ids, decoded] of oracleCases('sentencepiece')) {
      expect(read.encode(text)).toEqual(ids);
      expect(read.decode(ids)).toBe(decoded);
    }
  });

  it('has the tokens of the tiny models, their roles and their chat template', () => {
    const { keys, read, files } = written(tinyFiles(), tinyIds);
    for (const [text, ids] of oracleCases('tiny')) expect(read.encode(text)).toEqual(ids);
    expect(keys).toMatchObject({
      model: 'gpt2',
      pre: 'smollm',
      bos_token_id: 1,
      eos_token_id: 2,
      unknown_token_id: 0,
      padding_token_id: 2,
      add_bos_token: false,
      add_eos_token: false,
    });
    expect(files.chatTemplate).toBe(tinyFiles().chatTemplate);
  });
});

describe('the split rule', () => {
  it('is found by where it cuts', () => {
    const names = preTokenizerNames.map((name) => [
      name,
      written(filesOfRule(name), kindConfig('gpt-2')).keys['pre'],
    ]);
    // Other names of the same rules.
    expect(Object.fromEntries(names)).toEqual({
      default: 'default',
      'gpt-2': 'gpt-2',
      'phi-2': 'gpt-2',
      mpt: 'gpt-2',
      'roberta-bpe': 'gpt-2',
      olmo: 'olmo',
      smollm: 'smollm',
      starcoder: 'smollm',
      refact: 'smollm',
      codeshell: 'smollm',
      'llama-bpe': 'llama-bpe',
      llama3: 'llama-bpe',
      'llama-v3': 'llama-bpe',
      falcon3: 'llama-bpe',
      'smaug-bpe': 'smaug-bpe',
      dbrx: 'smaug-bpe',
      'gpt-4o': 'gpt-4o',
      tekken: 'tekken',
      qwen2: 'qwen2',
      'deepseek-r1-qwen': 'qwen2',
    });
  });

  it('may take whole pieces or merge them where merges make every token', () => {
    const files = filesOfRule('qwen2');
    const model = { ...readKind('gpt-2').tokenizer.model, ignore_merges: true };
    const whole = { ...files, tokenizerJson: { ...files.tokenizerJson, model } };
    expect(written(whole, kindConfig('gpt-2')).keys['pre']).toBe('qwen2');
    // Without its merge the token "li" is only found whole.
    const unmerged = { ...model, merges: [] };
    const lost = { ...files, tokenizerJson: { ...files.tokenizerJson, model: unmerged } };
    expect(() => written(lost, kindConfig('gpt-2'))).toThrow(/takes whole pieces/);
  });

  it('is refused where none cuts alike, and told', () => {
    const files = filesOfRule('qwen2');
    const split = {
      type: 'Split',
      pattern: { Regex: '\\p{N}{1,2}' },
      behavior: 'Isolated',
      invert: false,
    };
    const bytes = {
      type: 'ByteLevel',
      add_prefix_space: false,
      trim_offsets: true,
      use_regex: true,
    };
    const pre_tokenizer = { type: 'Sequence', pretokenizers: [split, bytes] };
    const odd = { ...files, tokenizerJson: { ...files.tokenizerJson, pre_tokenizer } };
    expect(() => written(odd, kindConfig('gpt-2'))).toThrow(
      /cannot hold.*none of the split rules.*N}\{1,2}/s,
    );
  });
});

describe('what GGUF cannot say is refused', () => {
  const { tokenizer: spaced } = readKind('roberta-spaced');

  it.each([
    ['a space before every text of byte pairs', 'roberta-spaced', /none of the split rules/],
    ['capital letters of WordPiece', 'bert-cased', /capital letters/],
  ])('%s', (_, name, message) => {
    expect(() => ggufTokenizer(kindFiles(name), kindConfig(name), 'm')).toThrow(message);
  });

  it('two tokens before a text', () => {
    const begin = [
      { SpecialToken: { id: '<s>', type_id: 0 } },
      { SpecialToken: { id: '</s>', type_id: 0 } },
    ];
    const sequence = { Sequence: { id: 'A', type_id: 0 } };
    const tokens = { '<s>': { ids: [0] }, '</s>': { ids: [2] } };
    const post_processor = {
      type: 'TemplateProcessing',
      single: [...begin, sequence],
      pair: [...begin, sequence],
      special_tokens: tokens,
    };
    const files = { ...kindFiles('roberta'), tokenizerJson: { ...spaced, post_processor } };
    const config = { ...kindConfig('roberta'), eosTokenIds: [2] };
    expect(() => ggufTokenizer(files, config, 'm')).toThrow(/"<s>"; "<\/s>" around/);
  });

  it('a normalizer that changes texts', () => {
    const files = kindFiles('gemma');
    const { normalizer } = files.tokenizerJson;
    const normalizers = [{ type: 'Lowercase' }, normalizer];
    const lower = {
      ...files,
      tokenizerJson: { ...files.tokenizerJson, normalizer: { type: 'Sequence', normalizers } },
    };
    expect(() => ggufTokenizer(lower, kindConfig('gemma'), 'm')).toThrow(
      /other tokens for the text "The kitchen/,
    );
  });
});

describe('what GGUF says otherwise is told', () => {
  it('a space before texts that does not stand behind special tokens', () => {
    const files = tokenizerFromGguf(sentencePiece.metadata, 'm.gguf');
    const config = { bosTokenId: 1, eosTokenIds: [2], vocabSize: sentencePiece.tokens };
    const first = {
      type: 'Metaspace',
      replacement: '▁',
      prepend_scheme: 'first',
      split: false,
    };
    const tokenizerJson = { ...files.tokenizerJson, normalizer: null, pre_tokenizer: first };
    const plain = written({ ...files, tokenizerJson }, config);
    expect(plain.keys['add_space_prefix']).toBe(true);
    expect(plain.notices).toEqual([expect.stringMatching(/Texts become the same tokens/)]);
    const chatTemplate = '{% for m in messages %}<s>{{ m.content }}</s>{% endfor %}';
    const chats = written({ ...files, tokenizerJson, chatTemplate }, config);
    expect(chats.keys['add_space_prefix']).toBe(false);
    expect(chats.notices).toEqual([expect.stringMatching(/Conversations become the same/)]);
    const own = createTokenizer({ ...files, tokenizerJson, chatTemplate }, config);
    expect(chats.read.encode('<s>the light</s>')).toEqual(own.encode('<s>the light</s>'));
  });

  it('tokens without a row, and tokens that take white space', () => {
    const files = withAdded(
      tinyFiles(),
      { id: 288, content: '<image>', special: true },
      { id: 287, content: '<tool>', special: true, rstrip: true },
    );
    const model = tinyModel.parse(files.tokenizerJson['model']);
    model.vocab = Object.fromEntries(Object.entries(model.vocab).filter(([, id]) => id !== 287));
    const json = { ...files.tokenizerJson, model };
    const { keys, notices } = written({ ...files, tokenizerJson: json }, tinyIds);
    expect(keys['tokens']).toHaveLength(288);
    expect(notices).toEqual([
      expect.stringMatching(/no embedding for.*"<image>"/),
      expect.stringMatching(/white space beside them.*"<tool>"/),
    ]);
  });

  it('more tokens that end an answer than there are keys for', () => {
    const ends = ['<a>', '<b>', '<c>'].map((content, i) => ({
      id: 288 + i,
      content,
      special: true,
    }));
    const config = { ...tinyIds, vocabSize: 300, eosTokenIds: [2, 288, 289, 290] };
    const { keys, notices, files } = written(withAdded(tinyFiles(), ...ends), config);
    expect(keys).toMatchObject({ eos_token_id: 2, eot_token_id: 288, eom_token_id: 289 });
    expect(files.generationConfig).toMatchObject({ eos_token_id: [2, 288, 289] });
    expect(notices).toEqual([expect.stringMatching(/give "<c>" as stop texts/)]);
  });

  it('merges that SentencePiece would not have', () => {
    const files = kindFiles('gemma');
    const { model } = readKind('gemma').tokenizer;
    // The way l + ight to "light" is left out, so that only li + ght makes it.
    const merges = list.parse(model['merges']);
    const fewer = merges.filter((merge) => JSON.stringify(merge) !== '["l","ight"]');
    expect(fewer).toHaveLength(merges.length - 1);
    const tokenizerJson = { ...files.tokenizerJson, model: { ...model, merges: fewer } };
    const { notices } = written({ ...files, tokenizerJson }, kindConfig('gemma'));
    expect(notices).toEqual([expect.stringMatching(/another order than SentencePiece/)]);
  });
});

describe('further keys', () => {
  it('are given to rows without a token and to added tokens', () => {
    const files = withAdded(
      tinyFiles(),
      { id: 288, content: '<tool>', special: false },
      { id: 290, content: '[PAD289]', special: true },
    );
    const { keys } = written(files, { ...tinyIds, vocabSize: 292 });
    expect(lastOf(keys['tokens'])).toEqual(['<tool>', '[[PAD289]]', '[PAD289]', '[PAD291]']);
    expect(lastOf(keys['token_type'])).toEqual([4, 5, 3, 5]);
  });

  it('name no word as the unknown token where there is none', () => {
    const tokenizerConfig = { eos_token: '<|im_end|>' };
    const files = withAdded({ ...tinyFiles(), tokenizerConfig }, { id: 288, content: 'null' });
    const { keys } = written(files, { ...tinyIds, vocabSize: 289 });
    expect(keys).not.toHaveProperty('unknown_token_id');
  });

  it('are there for templates with names', () => {
    const chat_template = [
      { name: 'default', template: 'D' },
      { name: 'tool_use', template: 'T' },
    ];
    const files = tinyFiles();
    const { keys, files: read } = written(
      { ...files, tokenizerConfig: { ...files.tokenizerConfig, chat_template } },
      tinyIds,
    );
    expect(keys).toMatchObject({
      chat_templates: ['tool_use'],
      'chat_template.tool_use': 'T',
      chat_template: files.chatTemplate,
    });
    expect(read.chatTemplate).toBe(files.chatTemplate);
  });
});

function lastOf(values: unknown): unknown[] {
  return list.parse(values).slice(-4);
}
