/** Events of the engine as phases, with rate and time left. */
import { expect, test } from 'vitest';
import type { EngineEvent } from '../../src/shared/contract/engine.ts';
import { lineView, type Phase } from '../../src/cli/progress-views.ts';
import { progressOver } from '../../src/cli/progress.ts';

const progress = (phase: string, done: number, total: number): EngineEvent => ({
  kind: 'progress',
  phase,
  done,
  total,
});

const step = (at: number, totalSteps: number): EngineEvent => ({
  kind: 'step',
  point: {
    ...{
      step: at,
      totalSteps,
      epoch: 0,
      loss: 1.5,
      learningRate: 1e-4,
      gradientNorm: 1,
      tokens: 1,
    },
    ...{ tokensPerSecond: 400, elapsedSeconds: 70, secondsLeft: 200 },
  },
});

/** What is shown for events that come one second after another. */
function shown(events: readonly EngineEvent[]): string[] {
  const phases: Phase[] = [];
  let clock = 0;
  const view = { update: (phase: Phase) => phases.push(phase), clear: () => {} };
  const show = progressOver(view, () => clock);
  for (const event of events) {
    show.show(event);
    clock += 1000;
  }
  return phases.map(({ name, done, total, detail }) => `${name} ${done}/${total} ${detail}`.trim());
}

test('a phase tells its rate and the time left, then how long it took', () => {
  const phase = 'Reading weights';
  expect(
    shown([progress(phase, 16, 64), progress(phase, 48, 64), progress(phase, 64, 64)]),
  ).toEqual([
    'Reading weights 16/64',
    'Reading weights 48/64 32/s  0.5 s left',
    'Reading weights 64/64 in 2.0 s',
  ]);
});

test('the same phase begun again does not count the time between', () => {
  const phase = 'Reading weights';
  const found = shown([progress(phase, 64, 64), step(1, 2), progress(phase, 16, 64)]);
  expect(found.at(-1)).toBe('Reading weights 16/64');
});

test('training shows its steps, and that it compiles before the first', () => {
  const base = { form: 'dense', doubleQuant: false } as const;
  const prepared = {
    trainableParameters: 1,
    totalParameters: 2,
    totalSteps: 2,
    labels: null,
    base,
  };
  const events: EngineEvent[] = [
    { kind: 'prepared', ...prepared },
    progress('Reading weights', 64, 64),
    step(1, 2),
    step(2, 2),
  ];
  expect(shown(events)).toEqual([
    'Reading weights 64/64 in 0.0 s',
    'Training 0/2 first step',
    'Training 1/2 loss 1.5000  400 tokens/s  3 min 20 s left',
    'Training 2/2 loss 1.5000  400 tokens/s  in 1 min 10 s',
  ]);
});

test('plain lines come at the start, every ten seconds and at the end of a phase', () => {
  const lines: string[] = [];
  let clock = 0;
  const view = lineView(
    (line) => lines.push(line),
    () => clock,
  );
  for (let done = 0; done <= 25; done++, clock += 1000) {
    view.update({ name: 'Training', done, total: 25, detail: '' });
  }
  expect(lines).toEqual(['Training 0/25', 'Training 10/25', 'Training 20/25', 'Training 25/25']);
});

test('of variants the losses of those that still train are shown, whichever has ended', () => {
  const of = (variant: number, at: number): EngineEvent => ({
    kind: 'variant',
    variant,
    event: step(at, 4),
  });
  const found = shown([of(0, 1), of(1, 1), of(2, 1), of(1, 2), of(2, 2), of(2, 3)]);
  expect(found.map((line) => line.replace(/ {2}400.*/, ''))).toEqual([
    'Training 1/4 loss 1.5000',
    'Training 2/4 loss 1.5000 1.5000 1.5000',
    'Training 3/4 loss 1.5000 1.5000',
  ]);
});
