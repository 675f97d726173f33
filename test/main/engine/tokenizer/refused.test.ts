/** A tokenizer.json that could not be read exactly is refused, and what it is about is named. */
import { expect, test } from 'vitest';
import { tinyFiles, tinyTokenizer } from './fixtures.ts';
import { openKind, readKind } from './kinds.ts';

const { tokenizer } = readKind('gemma');
const { model, ...others } = tokenizer;
const added = { id: 0, content: '<pad>', special: true };
const split = { type: 'Split', pattern: { Regex: 'a' }, behavior: 'Removed', invert: false };

test.each([
  [{ normalizer: { type: 'StripAccents' } }, /"StripAccents"/],
  [{ normalizer: { type: 'Sequence', normalizers: [{ type: 'Nmt' }] } }, /Nmt/],
  [{ normalizer: { type: 'Precompiled', precompiled_charsmap: '' } }, /map of characters is cut/],
  [{ normalizer: { type: 'Precompiled' } }, /map of characters is missing/],
  [{ pre_tokenizer: { type: 'FixedLength', length: 2 } }, /"FixedLength"/],
  [{ pre_tokenizer: { type: 'UnicodeScripts' } }, /UnicodeScripts/],
  [{ pre_tokenizer: { ...split, behavior: 'Mixed' } }, /"Mixed"/],
  [{ pre_tokenizer: { ...split, behavior: 'Contiguous', invert: true } }, /"Contiguous" and inv/],
  [{ pre_tokenizer: { ...split, pattern: { Regex: '(a)b' } } }, /groups matches: \(a\)b/],
  [{ pre_tokenizer: { ...split, pattern: {} } }, /a pattern that is not known/],
  [{ model: { type: 'WordLevel', vocab: {} } }, /"WordLevel".*BPE, WordPiece, Unigram/],
  [{ model: { type: 'constructor', vocab: {} } }, /of the kind "constructor"/],
  [{ model: { vocab: {} } }, /of the kind ""/],
  [{ model: { ...model, dropout: 0.1 } }, /BPE model has dropout set to 0.1/],
  [{ model: { ...model, end_of_word_suffix: '</w>' } }, /end_of_word_suffix/],
  [{ model: { type: 'Unigram', vocab: [['a', 0]], byte_fallback: true } }, /byte_fallback/],
  [{ decoder: { type: 'Mystery' } }, /Mystery/],
  [
    { decoder: { type: 'Sequence', decoders: 7 } },
    /a part of it is of another kind than it has to/,
  ],
  [{ added_tokens: [{ ...added, single_word: true }] }, /"<pad>".*a word of its own/],
])('%j', (changes, reason) => {
  const json = { model, ...others, ...changes };
  expect(() => openKind(json)).toThrow(/^The model's tokenizer is not supported: /);
  expect(() => openKind(json)).toThrow(reason);
});

test('special tokens as plain text are refused: chat templates are made of them', () => {
  const tokenizerConfig = { ...tinyFiles().tokenizerConfig, split_special_tokens: true };
  expect(() => tinyTokenizer({ tokenizerConfig })).toThrow(/not supported: split_special_tokens/);
  const usual = { ...tokenizerConfig, split_special_tokens: false };
  expect(tinyTokenizer({ tokenizerConfig: usual }).encode('<|im_end|>')).toEqual([2]);
});

test('the kind of a model that older files do not name is known by its parts', () => {
  for (const name of ['bert', 'gemma', 'xlm-roberta']) {
    const { tokenizer: whole, cases } = readKind(name);
    const { type, ...unnamed } = whole.model;
    expect(type).toBeTypeOf('string');
    const opened = openKind({ ...whole, model: unnamed });
    for (const [text, ids] of cases.slice(0, 20)) expect(opened.encode(text)).toEqual(ids);
  }
});
