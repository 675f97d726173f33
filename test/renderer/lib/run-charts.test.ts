/** Which validations are marked on the loss curve: that of the saved adapter, and the last where another adapter lies beside it. */
import { expect, test } from 'vitest';
import { lossSeries } from '../../../src/renderer/lib/run-charts.ts';
import type { XAxis } from '../../../src/renderer/lib/x-axes.ts';
import { stepsOf } from '../steps-of.ts';

const validations = [2, 4, 6].map((step, i) => ({ step, loss: 3 - i, tokens: 9, report: null }));

/** What is marked, with its place. */
function spots(best: number | null, last: string | null, axis: XAxis = 'step') {
  const marked = best === null ? null : { step: best, loss: 2 };
  return lossSeries(
    stepsOf([1, 2, 3, 4, 5, 6]),
    validations,
    { smoothing: 0, axis },
    { best: marked, last },
  )
    .filter(({ look }) => look === 'spot')
    .map(({ label, points }) => [label, points[0]?.x, points[0]?.y]);
}

test('nothing of a run without a best, and the best alone where it has the only adapter', () => {
  expect(spots(null, null)).toEqual([]);
  expect(spots(4, null)).toEqual([['Best, step 4', 4, 2]]);
});

test('the last beside it, unless both are of one validation', () => {
  expect(spots(4, '/adapters/a-last')).toEqual([
    ['Best, step 4', 4, 2],
    ['Last, step 6', 6, 1],
  ]);
  expect(spots(6, '/adapters/a-last')).toEqual([['Best, step 6', 6, 1]]);
});

test('over time and tokens they lie where their steps do', () => {
  expect(spots(4, '/adapters/a-last', 'tokens')).toEqual([
    ['Best, step 4', 400, 2],
    ['Last, step 6', 600, 1],
  ]);
});
