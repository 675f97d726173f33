/** Ranks of the form for a budget: evenly, or by the health of an earlier run. */
import { expect, test } from 'vitest';
import { byHealth, evenly } from '../../../src/renderer/lib/budget-fill.ts';
import { cellValues } from '../../../src/renderer/lib/cell-values.ts';
import { placesOf, select } from '../../../src/renderer/lib/target-selection.ts';
import { adapterSize } from '../../../src/shared/adapter-size.ts';
import { smolModel } from '../smol-model.ts';

const model = smolModel();
const upper = select(model, ({ name }, layer) => name === 'q_proj' && layer >= 26);
const reading = (layer: number, deltaRatio: number | null) => ({
  ...{ layer, module: 'q_proj', normA: 1, normB: 1, deltaRatio, gradientNorm: 0 },
});
/** Of each rank: q_proj has 576 rows and columns. */
const cost = 2 * 576;

test('evenly: one rank for all, in place of what cells had', () => {
  expect(evenly(model, upper, 4 * 8 * cost, false)).toEqual({ rank: 8, rankPattern: {} });
  expect(evenly(model, upper, 4 * cost - 1, false)).toBeNull();
});

test('by health: where more was changed is more rank, and the rest have the rank of all', () => {
  const health = [reading(26, 0.01), reading(27, 0.01), reading(28, 0.02), reading(29, 0.04)];
  const ranks = byHealth(model, upper, 16 * cost, false, health);
  expect(ranks?.rank).toBe(2);
  const own = cellValues(model, ranks?.rankPattern ?? {});
  expect(own[0]?.slice(26)).toEqual([null, null, 4, 8]);
  const used = adapterSize(placesOf(model, upper), {
    ...{ rank: 2, rankPattern: ranks?.rankPattern ?? {}, useDora: false },
  });
  expect(used.learning).toBe(16 * cost);
});

test('a cell that the run did not have, or whose figure was no number, counts as the mean', () => {
  const health = [reading(26, 0.01), reading(27, 0.03), reading(28, null)];
  const ranks = byHealth(model, upper, 8 * cost, false, health);
  expect(ranks?.rank).toBe(2);
  expect(cellValues(model, ranks?.rankPattern ?? {})[0]?.slice(26)).toEqual([1, 3, null, null]);
});
