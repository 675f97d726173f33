import { expect, test } from 'vitest';
import { spread } from '../../../../src/main/engine/commands/spread.ts';

const items = Array.from({ length: 10 }, (_, i) => i);

test.each([
  [0, []],
  [1, [0]],
  [2, [0, 5]],
  [5, [0, 2, 4, 6, 8]],
  [9, [0, 2, 3, 4, 5, 6, 7, 8, 9]],
  [10, items],
  [99, items],
  [null, items],
])('%j of ten', (most, expected) => {
  expect(spread(items, most)).toEqual(expected);
});
