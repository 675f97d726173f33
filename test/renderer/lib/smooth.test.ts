import { expect, test } from 'vitest';
import { smooth } from '../../../src/renderer/lib/smooth.ts';

const curve = (...ys: number[]) => Float64Array.of(...ys);

test('a weight of 0 changes nothing', () => {
  expect(smooth(curve(3, 1, 2), 0)).toEqual(curve(3, 1, 2));
});

test('a level curve stays level from the first point', () => {
  for (const y of smooth(curve(2, 2, 2, 2), 0.9)) expect(y).toBeCloseTo(2, 12);
});

test('the values of Adam’s corrected average', () => {
  // m = 0.5·1 → 1; m = 0.5·0.5 + 0.5·3 = 1.75, over 1 − 0.25; by hand.
  const [first, second] = smooth(curve(1, 3), 0.5);
  expect(first).toBeCloseTo(1, 12);
  expect(second).toBeCloseTo(1.75 / 0.75, 12);
});

test('one value that is not finite does not spoil what follows', () => {
  const smoothed = smooth(curve(1, NaN, 1), 0.9);
  expect(smoothed[1]).toBeNaN();
  expect(smoothed[2]).toBeCloseTo(1, 12);
});
