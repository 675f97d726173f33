/** Places in the queue. */
import { expect, test } from 'vitest';
import { placesBefore } from '../../src/main/queue-order.ts';
import { inOrder, type Placed } from '../../src/shared/queue-order.ts';

/** The ids in their order after what `placesBefore` says is done. */
function after(placed: readonly Placed[], ids: readonly number[], before: number | null) {
  const changes = placesBefore(placed, ids, before);
  const left = placed.filter(({ id }) => !changes.some((change) => change.id === id));
  return { order: inOrder([...left, ...changes]).map(({ id }) => id), changes };
}

const three: readonly Placed[] = [1, 2, 3].map((id) => ({ id, order: id }));

test.each([
  [[3], 1, [3, 1, 2]],
  [[3], 2, [1, 3, 2]],
  [[1], null, [2, 3, 1]],
  [[1], 77, [2, 3, 1]],
  [[1, 2], null, [3, 1, 2]],
  [[4], null, [1, 2, 3, 4]],
  [[4], 1, [4, 1, 2, 3]],
  [[2], 2, [1, 3, 2]],
] as const)('%j before %j', (ids, before, order) => {
  const found = after(three, ids, before);
  expect(found.order).toEqual(order);
  expect(found.changes.map(({ id }) => id)).toEqual([...ids]);
});

test('an empty queue', () => {
  expect(after([], [5], null).order).toEqual([5]);
});

test('where no number is left between two neighbours, all get new ones, and the order stays', () => {
  let placed = three;
  let renumbered = 0;
  // Each goes between 1 and the one before it: doubles have 53 bits, so room is gone after about as many.
  for (let id = 4; id < 104; id += 1) {
    const changes = placesBefore(placed, [id], id === 4 ? 2 : id - 1);
    if (changes.length > 1) renumbered += 1;
    placed = [
      ...placed.filter((one) => !changes.some((change) => change.id === one.id)),
      ...changes,
    ];
  }
  const order = inOrder(placed).map(({ id }) => id);
  expect(order).toEqual([1, ...Array.from({ length: 100 }, (_, i) => 103 - i), 2, 3]);
  expect(renumbered).toBeGreaterThan(0);
  expect(renumbered).toBeLessThan(5);
});

test('a move before itself changes nothing that matters', () => {
  expect(after(three, [3], 3).order).toEqual([1, 2, 3]);
});
