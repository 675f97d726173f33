/** The order in which contestants take turns. */
import { expect, test } from 'vitest';
import { takeTurns } from '../../bench/lib/turns.ts';

test('warm-ups come first and do not count; then A B A B', async () => {
  const order: string[] = [];
  const contestant = (name: string, warmups: number) => ({
    warmups,
    turn: (number: number) => {
      order.push(`${name}${number}`);
      return Promise.resolve(number);
    },
  });
  const results = await takeTurns([contestant('a', 2), contestant('b', 1)], 2);
  expect(order).toEqual(['a0', 'a1', 'b0', 'a2', 'b1', 'a3', 'b2']);
  expect(results).toEqual([
    [2, 3],
    [1, 2],
  ]);
});
