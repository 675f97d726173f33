/** Labels of a data file as a distribution. */
import { expect, test } from 'vitest';
import { labelShares, sayLabels, valueColumns } from '../../../src/renderer/lib/label-shares.ts';

const counts = (...examples: number[]) => ({
  problem: 'single_label_classification' as const,
  classes: examples.map((each, i) => ({ label: 'abcdef'[i] ?? '', examples: each })),
  without: 0,
});

test('the most common class is first, and rare ones are marked', () => {
  const shares = labelShares(counts(10, 85, 5), 100);
  expect(shares.map(({ label, share }) => [label, share])).toEqual([
    ['b', 0.85],
    ['a', 0.1],
    ['c', 0.05],
  ]);
  expect(shares.map(({ rare }) => rare)).toEqual([false, false, false]);
  // Under a tenth of an even share of 1000 / 2, and under five of any.
  expect(labelShares(counts(951, 49), 1000).map(({ rare }) => rare)).toEqual([false, true]);
  expect(labelShares(counts(6, 4), 10).map(({ rare }) => rare)).toEqual([false, true]);
});

test('what stands out is said', () => {
  expect(sayLabels(counts(50, 50), 100)).toBeNull();
  expect(sayLabels(counts(97, 3), 100)).toContain('The class "b" is rare');
  expect(sayLabels(counts(94, 3, 3), 100)).toContain('2 classes are rare ("b", "c")');
  expect(sayLabels(counts(100), 100)).toContain('nothing to tell apart');
  expect(sayLabels(counts(), 3)).toContain('nothing to tell apart');
  expect(sayLabels(counts(1, 1, 1, 1, 1, 1), 6)).toContain('a label of its own');
});

test('columns of values say their range', () => {
  const histogram = { width: 0.5, counts: [3, 0] };
  const columns = valueColumns({ problem: 'regression', least: 1, mean: 1.2, most: 2, histogram });
  expect(columns).toEqual([
    { count: 3, title: '1 to 1.5: 3 examples' },
    { count: 0, title: '1.5 to 2: 0 examples' },
  ]);
});
