import { expect, test } from 'vitest';
import { stepCurve, validationCurve } from '../../../src/renderer/lib/curves.ts';
import { sampleEvenly } from '../../../src/renderer/lib/sample.ts';
import { sparklinePath } from '../../../src/renderer/lib/sparkline.ts';
import type { StepPoint } from '../../../src/shared/contract/records.ts';

const steps: StepPoint[] = [1, 2, 3, 4].map((step) => ({
  step,
  totalSteps: 4,
  epoch: step / 4,
  loss: 4 - step,
  learningRate: 1e-4,
  gradientNorm: 1,
  tokens: step * 100,
  tokensPerSecond: 50,
  elapsedSeconds: step * 2,
  secondsLeft: (4 - step) * 2,
}));

test('the same losses over steps, tokens and time', () => {
  expect(stepCurve(steps, 'loss').map(({ x }) => x)).toEqual([1, 2, 3, 4]);
  expect(stepCurve(steps, 'loss', 'tokens').map(({ x }) => x)).toEqual([100, 200, 300, 400]);
  expect(stepCurve(steps, 'loss', 'time').map(({ x }) => x)).toEqual([2, 4, 6, 8]);
  expect(stepCurve(steps, 'loss', 'time').map(({ y }) => y)).toEqual([3, 2, 1, 0]);
});

test('validations take the time of their step', () => {
  const validations = [
    { step: 2, loss: 1, tokens: 90, report: null },
    { step: 4, loss: 0.5, tokens: 90, report: null },
  ];
  expect(validationCurve(validations, steps)).toEqual([
    { x: 2, y: 1 },
    { x: 4, y: 0.5 },
  ]);
  expect(validationCurve(validations, steps, 'time').map(({ x }) => x)).toEqual([4, 8]);
});

test('a sparkline goes from the left edge to the right, high values at the top', () => {
  expect(sparklinePath(stepCurve(steps, 'loss'), 32, 12)).toBe(
    'M1.0 1.0L11.0 4.3L21.0 7.7L31.0 11.0',
  );
  expect(sparklinePath(stepCurve(steps.slice(0, 1), 'loss'), 32, 12)).toBe('');
});

test('a sample has both ends', () => {
  const items = Array.from({ length: 1000 }, (_, index) => index);
  const sample = sampleEvenly(items, 25);
  expect(sample).toHaveLength(25);
  expect([sample.at(0), sample.at(-1)]).toEqual([0, 999]);
  expect(sampleEvenly(items.slice(0, 25), 25)).toHaveLength(25);
});
