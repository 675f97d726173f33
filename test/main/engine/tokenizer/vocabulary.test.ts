/** A vocabulary in either form, as words with their ids. */
import { expect, test } from 'vitest';
import type { z } from 'zod';
import { vocabularyWords } from '../../../../src/main/engine/tokenizer/vocabulary.ts';

test('words to ids, and words with scores in the order of their ids', () => {
  const words = [
    ['a', 0],
    ['b', 1],
  ];
  expect(vocabularyWords.parse({ a: 0, b: 1 })).toEqual(words);
  expect(
    vocabularyWords.parse([
      ['a', -1.5],
      ['b', -2],
    ]),
  ).toEqual(words);
});

/** All issues, those of a union's forms among them. */
function countOf(issues: readonly z.core.$ZodIssue[]): number {
  return issues.reduce(
    (sum, issue) =>
      sum +
      (issue.code === 'invalid_union' ? issue.errors.reduce((n, each) => n + countOf(each), 0) : 1),
    0,
  );
}

test.each([
  ['a list', Array.from({ length: 5000 }, () => 0)],
  ['a record', Object.fromEntries(Array.from({ length: 5000 }, (_, n) => [`w${n}`, 'x']))],
])('%s of wrong entries has an issue for each form, and not for each entry', (_, wrong) => {
  expect(countOf(vocabularyWords.safeParse(wrong).error?.issues ?? [])).toBe(2);
});
