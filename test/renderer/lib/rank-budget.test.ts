/** Ranks that fill a budget of parameters. */
import { expect, test } from 'vitest';
import { equalRank, weightedRanks } from '../../../src/renderer/lib/rank-budget.ts';
import { placesOf, select } from '../../../src/renderer/lib/target-selection.ts';
import { adapterSize } from '../../../src/shared/adapter-size.ts';
import { smolModel } from '../smol-model.ts';

const model = smolModel();
const all = placesOf(
  model,
  select(model, () => true),
);
const sizeAt = (rank: number, useDora = false) =>
  adapterSize(all, { rank, rankPattern: {}, useDora }).learning;

test('the largest rank that fits: at the budget, and one below it where a parameter is missing', () => {
  for (const useDora of [false, true]) {
    expect(equalRank(all, sizeAt(8, useDora), useDora)).toBe(8);
    expect(equalRank(all, sizeAt(8, useDora) - 1, useDora)).toBe(7);
    expect(equalRank(all, sizeAt(1, useDora) - 1, useDora)).toBeNull();
  }
  expect(equalRank(all, sizeAt(1), false)).toBe(1);
  // k_proj and v_proj have 192 rows.
  expect(equalRank(all, Infinity, false)).toBe(192);
  expect(equalRank([], 1000, false)).toBeNull();
});

/** A matrix of 100 × 100: a rank costs 200. */
const place = { path: 'm', in: 100, out: 100 };
const cell = (weight: number) => ({ places: [place], weight });

test('more rank where more was changed, in proportion and within the budget', () => {
  expect(weightedRanks([cell(0.01), cell(0.03)], 200 * 16, false)).toEqual([4, 12]);
  expect(weightedRanks([cell(0.01), cell(0.03)], 200 * 16 - 1, false)).toEqual([3, 11]);
});

test('each has a rank of at least 1 and at most its side, whatever its weight', () => {
  expect(weightedRanks([cell(0), cell(1)], 200 * 10, false)).toEqual([1, 9]);
  expect(weightedRanks([cell(0), cell(0)], 200 * 10, false)).toEqual([1, 1]);
  expect(weightedRanks([cell(1), cell(2)], 1e9, false)).toEqual([100, 100]);
  expect(weightedRanks([cell(1), cell(1)], 399, false)).toBeNull();
});
