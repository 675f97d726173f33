/** Keys that are there twice in one object of a JSON text. */
import { expect, it } from 'vitest';
import { doubledKey } from '../../src/shared/doubled-key.ts';

it.each([
  ['{"a":1,"b":{"a":2},"c":[{"a":1},{"a":2}]}', null],
  ['{"a":"b","b":"a: \\"b\\": {\\"a\\":1"}', null],
  ['[{"role":"x","content":"no","content":"yes"}]', 'content'],
  ['{"a" : 1, "\\u0061": 2}', 'a'],
  ['"a"', null],
])('%s: %s', (text, expected) => {
  JSON.parse(text);
  expect(doubledKey(text)).toBe(expected);
});

it('passes over a text of any length', () => {
  const long = 'x'.repeat(16_000_000);
  expect(doubledKey(`{"a":"${long}","b":1,"b":2}`)).toBe('b');
  expect(doubledKey(`{"a":"${'\\\\'.repeat(1_000_000)}","b":1}`)).toBeNull();
});
