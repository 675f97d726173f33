/** The part of its life in which a process was killed. */
import { expect, it } from 'vitest';
import type { Job } from '../../../scripts/torture/job.ts';
import { phaseOf } from '../../../scripts/torture/phase.ts';
import { nothingShown } from '../../../scripts/torture/shown.ts';
import type { RunState } from '../../../src/shared/contract/records.ts';

const job: Job = {
  name: 'short',
  steps: 6,
  validateEvery: 4,
  settings: {},
  lora: {},
  generalText: 'off',
};

function phase(state: RunState | null, steps: number, validated: number[], partial = false) {
  const point = { totalSteps: 6, epoch: 1, loss: 1, learningRate: 1, gradientNorm: 1, tokens: 1 };
  const time = { tokensPerSecond: 1, elapsedSeconds: 1, secondsLeft: 1 };
  const shown = {
    ...nothingShown(),
    steps: Array.from({ length: steps }, (_, i) => ({ step: i + 1, ...point, ...time })),
    validations: validated.map((step) => ({ step, loss: 1, tokens: 1, report: null })),
  };
  return phaseOf(state && { state }, job, shown, partial);
}

it('is known by what it has left', () => {
  expect(phase(null, 0, [])).toBe('start');
  expect(phase('queued', 0, [])).toBe('start');
  expect(phase('preparing', 0, [])).toBe('preparing');
  expect(phase('running', 0, [])).toBe('reading weights');
  expect(phase('running', 3, [])).toBe('steps');
  expect(phase('running', 4, [])).toBe('validation');
  expect(phase('running', 4, [4])).toBe('steps');
  expect(phase('running', 4, [4], true)).toBe('writing a checkpoint');
  expect(phase('running', 6, [4])).toBe('validation');
  expect(phase('running', 6, [4, 6])).toBe('writing the adapter');
  expect(phase('finished', 6, [4, 6])).toBe('its end');
});
