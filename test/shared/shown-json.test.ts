/** JSON as it is shown: numbers that JSON cannot say are not shown as null. */
import { expect, it } from 'vitest';
import { shownJson } from '../../src/shared/shown-json.ts';

it.each([
  ['1e999', 'a number beyond 1e308'],
  ['-1e999', 'a number below -1e308'],
  ['{"a":[1,1e999]}', '{"a":[1,"a number beyond 1e308"]}'],
  ['{"a":null,"b":"c"}', '{"a":null,"b":"c"}'],
])('%s: %s', (text, shown) => {
  expect(shownJson(JSON.parse(text))).toBe(shown);
});

it('shows whole numbers beyond 2^53 in their digits', () => {
  expect(shownJson([2n ** 53n + 1n])).toBe('["9007199254740993"]');
});
