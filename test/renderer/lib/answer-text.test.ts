import { expect, test } from 'vitest';
import { answerText } from '../../../src/renderer/lib/answer-text.ts';

test.each([
  ['1 said', '1 said'],
  ['\n1 said ', '\n1 said '],
  ['', '(an empty answer)'],
  // A box of empty lines looks as if no answer had come.
  ['\n\n\n \t\n', '(nothing but white space)'],
])('%j is shown as %j', (text, shown) => {
  expect(answerText(text)).toBe(shown);
});
