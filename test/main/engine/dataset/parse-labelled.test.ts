/** Lines of classification: what is read of them, and which are refused with a reason. */
import { expect, test } from 'vitest';
import { parseLabelled } from '../../../../src/main/engine/dataset/parse-labelled.ts';

test.each([
  [{ text: 'good', label: 'positive' }, ['good'], 'positive'],
  [{ text: 'good', text2: 'bad', label: 2 }, ['good', 'bad'], 2],
  [{ text: 'good', text2: null, label: ['a', 3] }, ['good'], ['a', 3]],
  [{ text: 'good', text2: '', label: [] }, ['good'], []],
  [{ text: 'good', label: 0.25 }, ['good'], 0.25],
  // As rows have numbers beyond 2^53, which would be one class with their neighbours.
  [{ text: 'good', label: 2n ** 53n + 1n }, ['good'], '9007199254740993'],
  [{ text: 'good', label: [2n ** 53n + 1n] }, ['good'], ['9007199254740993']],
])('%o', (json, texts, label) => {
  const parsed = parseLabelled(json, 7);
  expect(parsed).toMatchObject({ example: { line: 7, texts, label }, unused: [] });
});

test('a key that nobody knows is named', () => {
  const parsed = parseLabelled({ text: 'a', label: 'b', stars: 3, id: 5 }, 1);
  expect(parsed).toMatchObject({ unused: ['stars'] });
});

test.each([
  [{ label: 'a' }, '"text" is missing'],
  [{}, '"text" and "label" are missing; expected are'],
  [{ text: 'a' }, '"label" is missing'],
  [{ text: 3, label: 'a' }, '"text" is a number'],
  [{ text: ' ', label: 'a' }, '"text" is empty'],
  [{ text: 'a', text2: 3, label: 'a' }, '"text2" is a number'],
  [{ text: 'a', label: null }, '"label" is null'],
  [{ text: 'a', label: Infinity }, '"label" is a number beyond 1e308'],
  [{ text: 'a', label: -Infinity }, '"label" is a number below -1e308'],
  [{ text: 'a', label: true }, '"label" is a boolean'],
  [{ text: 'a', label: '' }, '"label" is empty'],
  [{ text: 'a', label: ['a', 0.5] }, '"label" is a list of something else'],
  [{ text: 'a', label: 'a', prompt: 'b' }, '"prompt" beside "text" is not supported'],
])('%j is refused', (json, reason) => {
  const parsed = parseLabelled(json, 1);
  expect('reason' in parsed ? parsed.reason : '').toContain(reason);
});
