/** Which page of a list has what is chosen. */
import { expect, test } from 'vitest';
import { pageOfList, pageWith } from '../../../src/renderer/lib/list-pages.ts';

const items = Array.from({ length: 65 }, (_, i) => ({ id: 100 - i }));

test('the page of an item has it', () => {
  for (const { id } of items) {
    const page = pageWith(items, id);
    expect(pageOfList(items, page).map((each) => each.id)).toContain(id);
  }
  expect(pageOfList(items, pageWith(items, 36))).toHaveLength(5);
});

test('without one it is the first', () => {
  expect([pageWith(items, null), pageWith(items, 7), pageWith([], 7)]).toEqual([0, 0, 0]);
});
