/** What is printed of measured values. */
import { describe, expect, test } from 'vitest';
import { figureOf, rateOf, spread } from '../../bench/lib/figures.ts';

describe('figures', () => {
  test('the median is the middle of an odd number of values, whatever their order', () => {
    expect(figureOf([5, 1, 9, 3, 100])).toEqual({ min: 1, median: 5, max: 100, count: 5 });
  });

  test('the median of an even number is the mean of the middle two', () => {
    expect(figureOf([4, 1, 3, 10]).median).toBe(3.5);
  });

  test('the fastest time gives the highest rate', () => {
    const rate = rateOf(100, figureOf([2, 4, 5]));
    expect(rate).toEqual({ min: 20, median: 25, max: 50, count: 3 });
  });

  test('one value stands alone, several as min / median / max', () => {
    expect(spread(figureOf([1.234]))).toBe('1.23');
    expect(spread(figureOf([3, 1, 2]), 1)).toBe('1.0 / 2.0 / 3.0');
  });
});
