import { expect, test } from 'vitest';
import { Compare, mostCompared } from '../../../src/renderer/state/compare.svelte.ts';
import { runLooks } from '../../../src/renderer/lib/run-looks.ts';
import { runOf } from '../run-record.ts';

const candidates = [12, 11, 10, 9, 8, 7, 6, 5, 4, 3].map((id) => runOf({ id }));
const ids = (compare: Compare) => compare.chosen(candidates).map((run) => run.id);

test('the newest runs until somebody chooses; then what was chosen stays', () => {
  const compare = new Compare();
  expect(ids(compare)).toEqual([12, 11, 10]);
  compare.toggle(11, candidates);
  expect(ids(compare)).toEqual([12, 10]);
  compare.toggle(4, candidates);
  expect(ids(compare)).toEqual([12, 10, 4]);
});

test('no more than there are looks, each of which is another', () => {
  const compare = new Compare();
  const many = Array.from({ length: mostCompared + 2 }, (_, at) => runOf({ id: 100 - at }));
  for (const { id } of many.slice(3)) compare.toggle(id, many);
  expect(compare.chosen(many)).toHaveLength(mostCompared);
  expect(new Set(runLooks.map((look) => JSON.stringify(look))).size).toBe(mostCompared);
});

test('a removed run leaves the comparison', () => {
  const compare = new Compare();
  compare.toggle(3, candidates);
  expect(compare.chosen(candidates.filter((run) => run.id !== 12)).map((run) => run.id)).toEqual([
    11, 10, 3,
  ]);
});
