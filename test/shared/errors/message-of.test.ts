/** Words of the JavaScript engine about a library's code are not passed on; those of libraries, and about memory, are. */
import { expect, it } from 'vitest';
import { saidOf } from '../../../src/shared/errors/message-of.ts';

it.each([
  [new TypeError('x.split is not a function'), 'it is damaged'],
  [new RangeError('Offset is outside the bounds of the DataView'), 'it is damaged'],
  [new RangeError('Array buffer allocation failed'), 'Array buffer allocation failed'],
  [new Error('parquet file invalid'), 'parquet file invalid'],
])('%s: %s', (thrown, said) => {
  expect(saidOf(thrown, 'it is damaged')).toBe(said);
});
