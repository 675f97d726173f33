/** Which validations are marked on the loss curve: that of the saved adapter, and the last where another adapter lies beside it. */
import { expect, test } from 'vitest';
import { lossSeries } from '../../../src/renderer/lib/run-charts.ts';
import { stepsOf } from '../steps-of.ts';

const validations = [2, 4, 6].map((step, i) => ({ step, loss: 3 - i, tokens: 9, report: null }));

/** What is marked, with its place. */
function spots(best: number | null, last: string | null) {
  const marked = best === null ? null : { step: best, loss: 1.5 };
  return lossSeries(stepsOf([]), validations, 0, { best: marked, last })
    .filter(({ look }) => look === 'spot')
    .map(({ label, points }) => [label, points[0]?.x, points[0]?.y]);
}

test('nothing of a run without a best, and the best alone where it has the only adapter', () => {
  expect(spots(null, null)).toEqual([]);
  expect(spots(4, null)).toEqual([['Best, step 4', 4, 1.5]]);
});

test('the last beside it, unless both are of one validation', () => {
  expect(spots(4, '/adapters/a-last')).toEqual([
    ['Best, step 4', 4, 1.5],
    ['Last, step 6', 6, 1],
  ]);
  expect(spots(6, '/adapters/a-last')).toEqual([['Best, step 6', 6, 1.5]]);
});
