/** How forgetting is said. */
import { expect, test } from 'vitest';
import { formatForgotten, sayForgotten } from '../../src/shared/say-forgetting.ts';

const of = (before: number, after: number | null) => ({ path: null, tokens: 9, before, after });

test('a figure has its sign, and exactly nothing is 0', () => {
  expect(formatForgotten(of(2, 2.5))).toBe('+0.500');
  expect(formatForgotten(of(2.5, 2))).toBe('−0.500');
  expect(formatForgotten(of(2, 2))).toBe('0');
  expect(formatForgotten(of(2, null))).toBe('–');
  expect(formatForgotten(null)).toBe('–');
});

test('in words it is what a token has lost of its probability', () => {
  // e^−ln 2 is one half.
  expect(sayForgotten(of(1, 1 + Math.LN2))).toMatch(/^50\.0.% less likely/);
  expect(sayForgotten(of(1 + Math.LN2, 1))).toMatch(/^100\.0.% more likely/);
  expect(sayForgotten(of(1, 1))).toContain('nothing is forgotten');
  expect(sayForgotten(of(1, null))).toBe(null);
});
