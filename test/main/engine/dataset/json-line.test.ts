/** Lines whose JSON cannot be taken at its word, and those that can. */
import { expect, test } from 'vitest';
import { parseJsonLine } from '../../../../src/main/engine/dataset/json-line.ts';

test.each([
  ['{"id": 9007199254740993}', { id: 9007199254740993n }],
  ['[-12345678901234567890]', [-12345678901234567890n]],
  ['{"id": 9007199254740991}', { id: 9007199254740991 }],
  // The nearest number is what every program reads of a fraction.
  ['{"p": 0.12345678901234567890}', { p: 0.12345678901234568 }],
  ['{"id": "9007199254740993"}', { id: '9007199254740993' }],
  [String.raw`{"a": "\ud83d\ude00 \\ud83d \n"}`, { a: '😀 \\ud83d \n' }],
])('%s', (text, value) => {
  expect(parseJsonLine(text)).toEqual({ value });
});

test.each([
  [String.raw`{"a": "b \ud83d c"}`, String.raw`"\ud83d"`],
  [String.raw`{"a": "\ude00\ud83d"}`, String.raw`"\ude00"`],
  [String.raw`{"\\\uD800": 1}`, String.raw`"\uD800"`],
])('%s has half of a character', (text, half) => {
  const reason = `it has one half of a character without the other, ${half}, which is no text`;
  expect(parseJsonLine(text)).toEqual({ reason });
});
