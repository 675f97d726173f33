/** Which learning rate a search finds best, and what it says of it. */
import { expect, test } from 'vitest';
import type { RateSearch, TriedRate } from '../../src/shared/contract/rate-search.ts';
import {
  bestTrial,
  cautions,
  edgeOf,
  lossesMeasured,
  sayMeasure,
  searchSteps,
  trialsOf,
  usualRates,
  widened,
} from '../../src/shared/rate-search.ts';

const tried = (losses: readonly (number | null)[]): TriedRate[] =>
  losses.map((loss, i) => ({ learningRate: 10 ** (i - 5), alpha: 16, loss, problem: null }));

test('the lowest loss is best; those that did not come to their end are not', () => {
  expect(bestTrial(tried([3, 2, 2.5]))).toBe(1);
  expect(bestTrial(tried([3, 2, null]))).toBe(1);
  expect(bestTrial(tried([null, null]))).toBeNull();
});

test('among losses that are as good as equal the smaller rate is best', () => {
  expect(bestTrial(tried([3, 2.001, 2]))).toBe(1);
  expect(bestTrial(tried([3, 2.01, 2]))).toBe(2);
  const alphas = trialsOf([1e-3], [32, 16]).map((trial) => ({ ...trial, loss: 2, problem: null }));
  expect(alphas[bestTrial(alphas) ?? -1]?.alpha).toBe(16);
});

test('a best rate at an end of the range is told, with the way to go; beside one that diverged it is none', () => {
  expect(edgeOf(tried([2, 3]))).toBe('lowest');
  expect(edgeOf(tried([3, 2]))).toBe('highest');
  expect(edgeOf(tried([3, 2, null]))).toBeNull();
  expect(edgeOf(tried([2]))).toBeNull();
  const search: RateSearch = {
    ...{ trials: tried([3, 2]), steps: 50, totalSteps: 400 },
    ...{ epochs: 0.5, measure: 'training', measuredOver: 13 },
  };
  expect(cautions(search).join()).toMatch(/largest rate.*above.*Widen/);
  expect(cautions({ ...search, trials: tried([3, 2, 3]) })).toEqual([]);
  expect(cautions({ ...search, trials: tried([3, 2, 3]), epochs: 3 }).join()).toContain('memorise');
});

test('a wider search goes on from the end of the one before', () => {
  expect(widened([1e-4, 1e-3, 1e-2], 'highest')).toEqual([1e-2, 1e-1, 1]);
  expect(widened([1e-4, 1e-3, 1e-2], 'lowest')).toEqual([1e-6, 1e-5, 1e-4]);
  expect(widened(usualRates, 'highest')[0]).toBe(usualRates.at(-1));
});

test('a trial goes on for forty steps after its warm-up, and never longer than the run', () => {
  expect([searchSteps(10, 400), searchSteps(0, 400), searchSteps(10, 30)]).toEqual([50, 40, 30]);
  expect([lossesMeasured(50), lossesMeasured(1)]).toEqual([13, 1]);
});

test('what is measured is said of one step as of many', () => {
  const search = { trials: [], totalSteps: 50, epochs: 1 };
  const said = (measure: RateSearch['measure'], steps: number) =>
    sayMeasure({ ...search, measure, steps, measuredOver: lossesMeasured(steps) });
  expect(said('validation', 1)).toBe('Validation loss after 1 step');
  expect(said('validation', 50)).toBe('Validation loss after 50 steps');
  expect(said('training', 50)).toBe('Mean training loss of the last 13 of 50 steps');
  expect(said('training', 3)).toBe('Training loss of the last of 3 steps');
  expect(said('training', 1)).toBe('Training loss of the only step');
});

test('each rate is tried with each alpha, once', () => {
  expect(trialsOf([2, 1, 2], [8, 4])).toEqual([
    { learningRate: 1, alpha: 4 },
    { learningRate: 1, alpha: 8 },
    { learningRate: 2, alpha: 4 },
    { learningRate: 2, alpha: 8 },
  ]);
});
