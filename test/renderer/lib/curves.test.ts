import { expect, test } from 'vitest';
import { stepCurve, validationCurve } from '../../../src/renderer/lib/curves.ts';
import { sampleEvenly } from '../../../src/renderer/lib/sample.ts';
import { sparklinePath } from '../../../src/renderer/lib/sparkline.ts';
import type { XAxis } from '../../../src/renderer/lib/x-axes.ts';
import { stepsOf } from '../steps-of.ts';

const steps = stepsOf([1, 2, 3, 4]);

test('the same losses over steps, tokens and time', () => {
  const over = (axis: XAxis) => stepCurve(steps, 'loss', { axis }).points;
  expect(stepCurve(steps, 'loss').points).toEqual(over('step'));
  expect(over('step').map(({ x }) => x)).toEqual([1, 2, 3, 4]);
  expect(over('tokens').map(({ x }) => x)).toEqual([100, 200, 300, 400]);
  expect(over('time').map(({ x }) => x)).toEqual([2, 4, 6, 8]);
  expect(over('time').map(({ y }) => y)).toEqual([3, 2, 1, 0]);
});

test('a long curve is smoothed before it is thinned, and keeps its extremes', () => {
  const long = stepsOf(
    Array.from({ length: 50_000 }, (_, index) => index + 1),
    (step) => (step === 31_337 ? 9 : 1),
  );
  const raw = stepCurve(long, 'loss').points;
  expect(raw.length).toBeLessThanOrEqual(2000);
  expect(raw).toContainEqual({ x: 31_337, y: 9 });
  const smoothed = stepCurve(long, 'loss', { smoothing: 0.5 }).points;
  // 1 + (1 - w)·(9 - 1)
  expect(Math.max(...smoothed.map(({ y }) => y))).toBeCloseTo(5, 9);
});

test('a stretch is thinned anew: every point where they fit, else its extremes, and a neighbour on both sides', () => {
  const long = stepsOf(
    Array.from({ length: 50_000 }, (_, index) => index + 1),
    (step) => (step % 2 === 0 ? 2 : step === 20_001 ? 9 : 1),
  );
  const { points, behind } = stepCurve(long, 'loss', { axis: 'tokens' });
  expect(points.length).toBeLessThanOrEqual(2000);
  expect(behind?.count).toBe(50_000);
  const near = behind?.within({ from: 2_000_000, to: 2_000_500 }) ?? [];
  expect(near.map(({ x }) => x / 100)).toEqual([
    19_999, 20_000, 20_001, 20_002, 20_003, 20_004, 20_005, 20_006,
  ]);
  expect(near[2]?.y).toBe(9);
  const wide = behind?.within({ from: 1_000_000, to: 3_000_000 }) ?? [];
  expect(wide.length).toBeLessThanOrEqual(2000);
  expect(wide).toContainEqual({ x: 2_000_100, y: 9 });
  expect([wide[0]?.x, wide.at(-1)?.x]).toEqual([999_900, 3_000_100]);
  expect(behind?.within({ from: 0, to: 1e9 })).toEqual(points);
  const coarse = behind?.within({ from: 1_000_000, to: 3_000_000 }, 50) ?? [];
  expect(coarse.length).toBeLessThanOrEqual(50);
  expect(coarse).toContainEqual({ x: 2_000_100, y: 9 });
});

test('validations take the time and the tokens of their step', () => {
  const validations = [
    { step: 2, loss: 1, tokens: 90, report: null },
    { step: 4, loss: 0.5, tokens: 90, report: null },
  ];
  expect(validationCurve(validations, steps)).toEqual([
    { x: 2, y: 1 },
    { x: 4, y: 0.5 },
  ]);
  expect(validationCurve(validations, steps, 'time').map(({ x }) => x)).toEqual([4, 8]);
  // Not the tokens that they count themselves, which are those of the validation data.
  expect(validationCurve(validations, steps, 'tokens').map(({ x }) => x)).toEqual([200, 400]);
});

test('a sparkline goes from the left edge to the right, high values at the top', () => {
  expect(sparklinePath(stepCurve(steps, 'loss').points, 32, 12)).toBe(
    'M1.0 1.0L11.0 4.3L21.0 7.7L31.0 11.0',
  );
  expect(sparklinePath(stepCurve(stepsOf([1]), 'loss').points, 32, 12)).toBe('');
});

test('a sample has both ends', () => {
  const sample = sampleEvenly(1000, 25);
  expect(sample).toHaveLength(25);
  expect([sample.at(0), sample.at(-1)]).toEqual([0, 999]);
  expect(sampleEvenly(3, 25)).toEqual([0, 1, 2]);
  expect([sampleEvenly(1, 25), sampleEvenly(0, 25)]).toEqual([[0], []]);
});
