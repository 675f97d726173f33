/** Tokenizers that would take endless time or memory over a text, or give what is no id. */
import { describe, expect, it } from 'vitest';
import { openKind, readKind } from './kinds.ts';
import { tinyFiles } from './fixtures.ts';

const json = tinyFiles().tokenizerJson;
const model = readKind('bert').tokenizer.model;

function codeOf(code: string): unknown {
  return expect.objectContaining({ code });
}

describe('patterns that try every way', () => {
  it.each(['(a+)+$', '(.|\\s)+(.|\\s)+!'])('%s in a split', (Regex) => {
    const split = { type: 'Split', pattern: { Regex }, behavior: 'Isolated', invert: false };
    const tokenizer = openKind({ ...json, pre_tokenizer: split });
    expect(() => tokenizer.encode(`${'a'.repeat(5000)}?`)).toThrow(
      codeOf('tokenizer/takes-too-long'),
    );
  });

  it('in a normalizer that an added token goes through while it is opened', () => {
    const normalizer = { type: 'Replace', pattern: { Regex: '(a+)+$' }, content: 'b' };
    const content = `${'a'.repeat(64)}!`;
    const added = [{ id: 288, content, special: false, normalized: true }];
    expect(() => openKind({ ...json, normalizer, added_tokens: added })).toThrow(
      codeOf('tokenizer/takes-too-long'),
    );
  });
});

describe('what a small file would grow to', () => {
  const doubling = { type: 'Replace', pattern: { String: 'a' }, content: 'aa' };
  it.each([
    [
      'a chain of normalizers',
      { normalizer: { type: 'Sequence', normalizers: Array.from({ length: 40 }, () => doubling) } },
      'times as long',
    ],
    [
      'a chain of decoders',
      { decoder: { type: 'Sequence', decoders: Array.from({ length: 40 }, () => doubling) } },
      'times as long',
    ],
    [
      'a long replacement',
      { normalizer: { ...doubling, content: 'x'.repeat(5000) } },
      '5000 times as long',
    ],
    [
      'a long mark for spaces',
      { pre_tokenizer: { type: 'Metaspace', replacement: 'x'.repeat(5000) } },
      'for a space',
    ],
    ['a long token', { added_tokens: [{ id: 288, content: 'x'.repeat(5000) }] }, '5000 characters'],
    ['ids far apart', { added_tokens: [{ id: 4_294_967_290, content: 'x' }] }, '4294967290'],
    [
      'words without end',
      { model: { ...model, max_input_chars_per_word: 1e9 }, pre_tokenizer: null },
      '1000000000 characters apart',
    ],
  ])('%s', (_, change, reason) => {
    expect(() => openKind({ ...json, ...change })).toThrow(reason);
  });
});

it('an unknown token that is not in the vocabulary is no id', () => {
  const { normalizer, ...others } = readKind('bert').tokenizer;
  const tokenizer = openKind({
    ...others,
    normalizer,
    model: { ...model, unk_token: 'not there' },
  });
  expect(() => tokenizer.encode('\u{1f600}')).toThrow(codeOf('tokenizer/damaged'));
});

it('an unknown token that is no number is refused with the first text that has one', () => {
  const { tokenizer } = readKind('xlm-roberta');
  const broken = { ...tokenizer, model: { ...tokenizer.model, unk_id: { not: 'a number' } } };
  expect(() => openKind(broken).encode('\u{13000}')).toThrow(codeOf('tokenizer/damaged'));
});
