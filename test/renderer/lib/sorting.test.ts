import { expect, test } from 'vitest';
import { pressed, sortedBy } from '../../../src/renderer/lib/sorting.ts';

test('a press sorts up, another down, a third as it was; another column begins anew', () => {
  const up = pressed(null, 'Loss');
  expect(up).toEqual({ by: 'Loss', direction: 'ascending' });
  const down = pressed(up, 'Loss');
  expect(down).toEqual({ by: 'Loss', direction: 'descending' });
  expect(pressed(down, 'Loss')).toBeNull();
  expect(pressed(down, 'Steps')).toEqual({ by: 'Steps', direction: 'ascending' });
});

test('numbers by size, words by the alphabet, nothing last', () => {
  const values = [10, null, 9, NaN, -1, 9];
  expect(sortedBy(values, 'ascending')).toEqual([4, 2, 5, 0, 1, 3]);
  expect(sortedBy(values, 'descending')).toEqual([0, 2, 5, 4, 1, 3]);
  expect(sortedBy(['b', 'a', null, 'B'], 'ascending')).toEqual([1, 0, 3, 2]);
});
