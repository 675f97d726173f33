/** The commonest mistakes between many classes. */
import { expect, test } from 'vitest';
import { commonMistakes } from '../../../src/renderer/lib/confusions.ts';

test('mistakes are ordered by how often they happen; what is right is none', () => {
  const classes = ['a', 'b', 'c'].map((label) => ({
    ...{ label, precision: 1, recall: 1, f1: 1, support: 1 },
  }));
  const confusion = [
    [9, 1, 0],
    [4, 0, 2],
    [0, 0, 7],
  ];
  expect(commonMistakes({ classes, confusion }, 2)).toEqual([
    { wanted: 'b', answered: 'a', examples: 4 },
    { wanted: 'b', answered: 'c', examples: 2 },
  ]);
});
