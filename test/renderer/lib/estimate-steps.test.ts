import { expect, test } from 'vitest';
import { emptyDraft } from '../../../src/renderer/lib/draft.ts';
import { estimateSteps } from '../../../src/renderer/lib/estimate-steps.ts';

const draft = { ...emptyDraft(), validationKind: 'none' as const };

test('tokens over the tokens of a step, times the epochs', () => {
  // 128,332 / (4 · 512) = 62.7
  expect(estimateSteps(draft, 128_332)).toBe(63);
  expect(estimateSteps({ ...draft, epochs: 3 }, 128_332)).toBe(189);
  expect(estimateSteps({ ...draft, gradientAccumulation: 4 }, 128_332)).toBe(16);
});

test('what is kept for validation is not trained on', () => {
  expect(estimateSteps({ ...draft, validationKind: 'split', validationPercent: 50 }, 8192)).toBe(2);
});

test('steps are steps, and an empty field gives no estimate', () => {
  expect(estimateSteps({ ...draft, durationKind: 'steps', steps: 7 }, 128_332)).toBe(7);
  expect(estimateSteps({ ...draft, batchSize: null }, 128_332)).toBeNull();
});
