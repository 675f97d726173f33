/** Settings of tokenizer_config.json against tokenizer.json. What is wanted is what transformers 5.24.0 made of the same files. */
import { describe, expect, it } from 'vitest';
import { readTokenizerFiles } from '../../../../src/main/engine/checkpoint/huggingface-tokenizer.ts';
import {
  createTokenizer,
  type Tokenizer,
} from '../../../../src/main/engine/tokenizer/tokenizer.ts';
import { tokenizerFolder } from '../checkpoint/tokenizer-folder.ts';
import { tinyFiles } from './fixtures.ts';

const own = { single_word: false, lstrip: false, rstrip: false, normalized: false, special: true };
const special = ['[PAD]', '[UNK]', '[CLS]', '[SEP]'];
const words = [...special, 'hello', 'Hello', 'cafe', 'café', '東京', '東', '京'];

/** A word-piece tokenizer whose normalizer is `normalizer`. */
function wordPiece(normalizer: Record<string, unknown>): object {
  return {
    added_tokens: special.map((content, id) => ({ ...own, id, content })),
    normalizer: { type: 'BertNormalizer', clean_text: true, ...normalizer },
    pre_tokenizer: { type: 'BertPreTokenizer' },
    post_processor: null,
    decoder: { type: 'WordPiece', prefix: '##', cleanup: true },
    model: {
      type: 'WordPiece',
      unk_token: '[UNK]',
      continuing_subword_prefix: '##',
      max_input_chars_per_word: 100,
      vocab: Object.fromEntries(words.map((word, id) => [word, id])),
    },
  };
}

const lower = { lowercase: true, strip_accents: null, handle_chinese_chars: true };
const kept = { lowercase: false, strip_accents: null, handle_chinese_chars: true };
const ofBert = { tokenizer_class: 'BertTokenizer', eos_token: '[SEP]' };

function open(json: object, config: object): { tokenizer: Tokenizer; isCopied: boolean } {
  const folder = tokenizerFolder({
    ...{ 'tokenizer.json': json, 'tokenizer_config.json': config },
    'chat_template.jinja': null,
  });
  const files = readTokenizerFiles(folder);
  const ids = { bosTokenId: null, eosTokenIds: [3], vocabSize: 1 << 16 };
  return { tokenizer: createTokenizer(files, ids), isCopied: files.tokenizerFile !== null };
}

describe('the normalizer of BERT', () => {
  it.each([
    [lower, { do_lower_case: false }, 'Hello café 東 京'],
    [kept, { do_lower_case: true }, 'hello cafe 東 京'],
    [kept, { do_lower_case: true, strip_accents: false }, 'hello café 東 京'],
    [{ ...lower, strip_accents: false }, { do_lower_case: true }, 'hello cafe 東 京'],
    [lower, { tokenize_chinese_chars: false }, 'hello cafe 東京'],
    [{ ...lower, strip_accents: false }, { strip_accents: true }, 'hello cafe 東 京'],
  ])('%j and the settings %j', (normalizer, settings, text) => {
    const { tokenizer, isCopied } = open(wordPiece(normalizer), { ...ofBert, ...settings });
    expect(tokenizer.encode('Hello café 東京').map((id) => words[id])).toEqual(text.split(' '));
    // A copy of the file alone would say something else.
    expect(isCopied).toBe(false);
  });

  it.each([
    ['that agree', ofBert, { do_lower_case: true, strip_accents: null }],
    [
      'of a class that goes by tokenizer.json',
      { ...ofBert, tokenizer_class: 'PreTrainedTokenizerFast' },
      { do_lower_case: false },
    ],
  ])('is as it is with settings %s', (_, config, settings) => {
    const { tokenizer, isCopied } = open(wordPiece(lower), { ...config, ...settings });
    expect(tokenizer.encode('Hello').map((id) => words[id])).toEqual(['hello']);
    expect(isCopied).toBe(true);
  });
});

describe('the space before a text', () => {
  const json = (asks: boolean) => {
    const bytes = {
      type: 'ByteLevel',
      add_prefix_space: asks,
      trim_offsets: true,
      use_regex: true,
    };
    const { tokenizerJson } = tinyFiles();
    return { ...tokenizerJson, pre_tokenizer: { type: 'Sequence', pretokenizers: [bytes] } };
  };

  it.each([
    ['GPT2Tokenizer', false, true, ' light'],
    ['RobertaTokenizerFast', true, false, 'light'],
    ['PreTrainedTokenizerFast', true, false, ' light'],
    ['LlamaTokenizerFast', false, true, 'light'],
  ])('%s, %s in tokenizer.json and %s asked', (tokenizerClass, asks, wish, text) => {
    const config = {
      tokenizer_class: tokenizerClass,
      eos_token: '<|im_end|>',
      add_prefix_space: wish,
    };
    const { tokenizer } = open(json(asks), config);
    expect(tokenizer.decode(tokenizer.encode('light'))).toBe(text);
  });
});

describe('tokens around a text', () => {
  const sep = { id: '[SEP]', ids: [3], tokens: ['[SEP]'] };
  const framed = {
    ...wordPiece(lower),
    post_processor: {
      type: 'TemplateProcessing',
      single: [
        { Sequence: { id: 'A', type_id: 0 } },
        { SpecialToken: { id: '[SEP]', type_id: 0 } },
      ],
      pair: [{ Sequence: { id: 'A', type_id: 0 } }, { Sequence: { id: 'B', type_id: 1 } }],
      special_tokens: { '[SEP]': sep },
    },
  };

  it.each([
    [{ add_bos_token: true }, [/has add_bos_token true, .* no token stands before a text/]],
    [{ add_eos_token: false }, [/has add_eos_token false, .* a token stands behind a text/]],
    [{ add_bos_token: false, add_eos_token: true }, []],
    [{}, []],
  ])('are those of tokenizer.json, and %j is told where it differs', (settings, told) => {
    const { tokenizer } = open(framed, { ...ofBert, ...settings });
    expect(tokenizer.encodeFramed(['hello'], 9).tokens).toEqual([4, 3]);
    expect(tokenizer.notices).toEqual(
      told.map((sentence) => expect.stringMatching(sentence) as unknown),
    );
  });
});
