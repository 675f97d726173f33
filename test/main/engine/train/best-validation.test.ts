/** Which validation is the best, and when a run has waited for a better one long enough. */
import { expect, test } from 'vitest';
import {
  afterValidation,
  hasWaited,
  type BestSoFar,
} from '../../../../src/main/engine/train/best-validation.ts';

/** After validations with these losses, ten steps apart. */
function after(losses: readonly number[], leastImprovement: number): BestSoFar | null {
  return losses.reduce<BestSoFar | null>(
    (best, loss, i) => afterValidation(best, { step: 10 * (i + 1), loss }, { leastImprovement }),
    null,
  );
}

test('the lowest loss is the best, the first of equal ones', () => {
  expect(after([3, 2, 2.5, 2, 2.2], 0)).toMatchObject({ step: 20, loss: 2, waited: 3 });
});

test('small improvements are the best and still do not count for patience', () => {
  const best = after([3, 2.95, 2.92], 0.1);
  expect(best).toMatchObject({ step: 30, loss: 2.92, waited: 2 });
  expect(hasWaited(best, { patience: 2 })).toBe(true);
  // Together they are enough.
  expect(after([3, 2.95, 2.89], 0.1)).toMatchObject({ counted: 2.89, waited: 0 });
});

test('patience 0 waits for ever', () => {
  expect(hasWaited(after([1, 2, 3, 4], 0), { patience: 0 })).toBe(false);
  expect(hasWaited(after([1, 2, 3, 4], 0), { patience: 3 })).toBe(true);
  expect(hasWaited(after([1, 2, 3, 4], 0), { patience: 4 })).toBe(false);
  expect(hasWaited(null, { patience: 1 })).toBe(false);
});

test('a loss that is no number is never the best, neither first nor later', () => {
  expect(after([NaN], 0)).toBe(null);
  expect(after([NaN, 3, NaN], 0)).toMatchObject({ step: 20, loss: 3, waited: 1 });
  expect(after([Infinity, 3], 0)).toMatchObject({ step: 20, loss: 3 });
});
