import { expect, test } from 'vitest';
import { sayDiff, wordDiff, type DiffPart } from '../../../src/renderer/lib/word-diff.ts';

const textOf = (parts: readonly DiffPart[], without: DiffPart['kind']) =>
  parts
    .filter(({ kind }) => kind !== without)
    .map(({ text }) => text)
    .join('');

test('both texts can be read from the parts, and a changed word is one', () => {
  const [one, other] = ['The light is on.\nGood night', 'The lamp is on.\n\nGood night, sir'];
  const parts = wordDiff(one, other);
  expect(textOf(parts, 'added')).toBe(one);
  expect(textOf(parts, 'missing')).toBe(other);
  expect(parts.slice(0, 4)).toEqual([
    { text: 'The ', kind: 'same' },
    { text: 'light', kind: 'missing' },
    { text: 'lamp', kind: 'added' },
    { text: ' is on.\n', kind: 'same' },
  ]);
  expect(sayDiff(parts, 'the base')).toBe('2 words that the base lacks, 1 of its words missing');
});

test('the same, nothing, and spaces alone are said as what they are', () => {
  expect(wordDiff('', '')).toEqual([]);
  expect(sayDiff(wordDiff('one two', 'one two'), 'the base')).toBe('the same as the base');
  const spaces = wordDiff('one two', 'one  two');
  expect(sayDiff(spaces, 'the base')).toBe('other spaces or marks than the base');
  const none = wordDiff('one two', '');
  expect(none).toEqual([{ text: 'one two', kind: 'missing' }]);
  expect(sayDiff(wordDiff('', 'Grüße'), 'it')).toMatch(/^1 word that it lacks, 0 /);
});

test('texts with next to nothing in common are told apart as a whole', () => {
  const words = (prefix: string) =>
    Array.from({ length: 1500 }, (_, n) => `${prefix}${n}`).join(' ');
  const parts = wordDiff(words('a'), words('b'));
  expect(parts.map(({ kind }) => kind)).toEqual(['missing', 'added']);
});
