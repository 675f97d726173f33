/** Names as parts of file names. */
import { expect, test } from 'vitest';
import { slug } from '../../src/shared/slug.ts';

test.each([
  ['Smart home, r = 8', 'smart-home-r-8'],
  ['../../Café  №1', 'cafe-no1'],
  ['家 2', '家-2'],
  ['…', 'run'],
  ['a'.repeat(500), 'a'.repeat(60)],
  // A hyphen, or half of a pair, where the name is cut.
  [`${'a'.repeat(59)} b`, 'a'.repeat(59)],
  [`${'a'.repeat(59)}𐐨`, 'a'.repeat(59)],
])('%s becomes %s', (name, part) => {
  expect(slug(name, 'run')).toBe(part);
});
