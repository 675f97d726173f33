/** What was typed for a search of the learning rate becomes trials, and their losses curves. */
import { expect, test } from 'vitest';
import {
  readNumbers,
  sayFirst,
  sayTried,
  trialCurves,
  trialLook,
  typedTrials,
} from '../../../src/renderer/lib/rate-trials.ts';
import { lorikeetError } from '../../../src/shared/errors/lorikeet-error.ts';

test('a run of a single step is tried over that one', () => {
  expect([1, 40, 1000].map(sayFirst)).toEqual([
    ...['the first step', 'the first 40 steps', 'the first 1,000 steps'],
  ]);
});

test('numbers are read with commas or spaces between; what is none is refused', () => {
  expect(readNumbers('1e-4, 0.0002 5e-4')).toEqual([1e-4, 2e-4, 5e-4]);
  expect(readNumbers(' ')).toEqual([]);
  expect([readNumbers('1e-4, many'), readNumbers('0'), readNumbers('-1')]).toEqual([
    null,
    null,
    null,
  ]);
});

test('alphas that are left out are that of the form', () => {
  const of = (alpha: number) => [
    { learningRate: 1e-4, alpha },
    { learningRate: 2e-4, alpha },
  ];
  expect(typedTrials('2e-4, 1e-4', '', 16)).toEqual({ ok: true, trials: of(16) });
  expect(typedTrials('2e-4, 1e-4', '8', 16)).toEqual({ ok: true, trials: of(8) });
  expect(typedTrials('', '8', 16)).toMatchObject({ ok: false });
  expect(typedTrials('1', '', null)).toMatchObject({ ok: false });
  const tooMany = typedTrials('1 2 3', '1 2 3', 16);
  expect(tooMany.ok ? '' : tooMany.problem).toContain('9 trials, and at most 8');
});

test('a curve begins at step 1 and is smoothed; one that runs away leaves the picture', () => {
  const trials = [
    { learningRate: 1e-4, alpha: 16 },
    { learningRate: 1, alpha: 16 },
  ];
  const losses = [[3, 2], []];
  const [curve, ...others] = trialCurves(trials, losses);
  expect(others).toEqual([]);
  expect(curve).toMatchObject({ label: '1.0e−4', colour: '--series-1' });
  // (0.7·0.3·3 + 0.3·2) / (1 − 0.7²)
  const second = (0.63 + 0.6) / 0.51;
  expect(curve?.points[0]).toEqual({ x: 1, y: 3 });
  expect(curve?.points[1]?.y).toBeCloseTo(second, 10);
  expect(
    trialLook([
      [3, 2],
      [3, 90],
    ]).y.most,
  ).toBeCloseTo(3.6, 10);
});

test('a trial without a loss says why', () => {
  const trial = { learningRate: 1, alpha: 16 };
  const details = { step: 7, now: 9, before: 2, routerLoss: 0, module: null };
  const { problem } = lorikeetError('train/diverged', details);
  expect(sayTried({ ...trial, loss: null, problem })).toMatch(/^ended: The loss has run away/);
  expect(sayTried({ ...trial, loss: 2, problem: null })).toBe('2.000');
});
