import { expect, test } from 'vitest';
import { count, rateOf } from '../../src/shared/counted.ts';

test('the rate is that since the phase was first heard of, and a new phase begins anew', () => {
  const first = count(null, 'Scoring', 4, 1000);
  expect(rateOf(first, 1000)).toBeNull();
  const later = count(first, 'Scoring', 24, 3000);
  expect(rateOf(later, 3000)).toBe(10);
  expect(count(later, 'Answering', 16, 4000)).toMatchObject({ first: 16, since: 4000 });
  expect(count(later, 'Scoring', 2, 5000)).toMatchObject({ first: 2, since: 5000 });
});
