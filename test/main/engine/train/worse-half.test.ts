/** Which runs end at a rung of successive halving. */
import { expect, test } from 'vitest';
import { worseHalf, type Contender } from '../../../../src/main/engine/train/worse-half.ts';
import { rungOf } from '../../../../src/shared/halving.ts';

const at = (validated: number, losses: readonly number[]): Contender[] =>
  losses.map((loss, adapter) => ({ adapter, loss, validated }));

test('eight runs become four, two and one, the last at half of the steps', () => {
  expect([8, 4, 2, 1].map(rungOf)).toEqual([
    { share: 1 / 8, keep: 4 },
    { share: 1 / 4, keep: 2 },
    { share: 1 / 2, keep: 1 },
    null,
  ]);
  // An odd one is kept.
  expect([7, 5, 3].map(rungOf)).toEqual([
    { share: 1 / 8, keep: 4 },
    { share: 1 / 8, keep: 3 },
    { share: 1 / 4, keep: 2 },
  ]);
});

test('those with the higher losses end, in the order of their numbers', () => {
  expect(worseHalf(at(0.25, [3, 1, 4, 2]))).toEqual([0, 2]);
  expect(worseHalf(at(0.25, [2, 1, 3]))).toEqual([2]);
  expect(worseHalf(at(0.5, [1, 2]))).toEqual([1]);
});

test('of equal losses the earlier is the better, and one without a loss is worse than any', () => {
  expect(worseHalf(at(0.5, [1, 1]))).toEqual([1]);
  expect(worseHalf(at(0.25, [Infinity, 5, Infinity, 9]))).toEqual([0, 2]);
  expect(worseHalf(at(0.25, [Infinity, Infinity, Infinity, 9]))).toEqual([1, 2]);
});

test('none ends before all were validated at the rung, and one by itself never does', () => {
  expect(worseHalf(at(0.2, [3, 1, 4, 2]))).toEqual([]);
  const [first, ...others] = at(0.25, [3, 1, 4, 2]);
  expect(worseHalf(first ? [{ ...first, validated: 0.2 }, ...others] : [])).toEqual([]);
  expect(worseHalf(at(1, [3]))).toEqual([]);
  expect(worseHalf([])).toEqual([]);
});
