/** Moments at which a process is killed, drawn over its whole life. */
import type { Random } from '../../src/main/engine/random.ts';
import type { Job } from './job.ts';

/** `ms` after something was seen of the process. */
export type Moment = { ms: number } & (
  | { after: 'start' }
  | { after: 'step'; step: number }
  /** The beginning of the n-th checkpoint that it writes, from 1. */
  | { after: 'checkpoint'; nth: number }
  | { after: 'adapter' }
);

/** How long parts of an uninterrupted life take, in milliseconds. */
export type Life = { toFirstStep: number; fromLastStep: number };

/** Measures a life. */
export function lifeClock(): { step(): void; over(): Partial<Life> } {
  const start = performance.now();
  let first: number | null = null;
  let last = start;
  return {
    step() {
      last = performance.now();
      first ??= last;
    },
    over: () =>
      first === null ? {} : { toFirstStep: first - start, fromLastStep: performance.now() - last },
  };
}

type Draw = (random: Random, life: Life, job: Job, from: number) => Moment;

/** What is worth so many of a hundred draws. Parts of a few milliseconds are drawn by what is seen of them. */
const draws: readonly (readonly [number, Draw])[] = [
  [30, (random, { toFirstStep }) => ({ after: 'start', ms: random.uniform() * toFirstStep })],
  [
    20,
    (random, _, job, from) => ({
      ...stepIn(random, from + 1, job.steps),
      ms: random.uniform() * 10,
    }),
  ],
  [10, validation],
  [20, (random) => ({ after: 'checkpoint', nth: 1 + random.below(3), ms: random.uniform() * 12 })],
  [10, (random) => ({ after: 'adapter', ms: random.uniform() * 20 })],
  [
    10,
    (random, { fromLastStep }, { steps }) => ({
      after: 'step',
      step: steps,
      ms: random.uniform() * fromLastStep,
    }),
  ],
];

/** A moment in the life of a process that goes on after the step `from`, which is not the last. */
export function drawMoment(random: Random, life: Life, job: Job, from: number): Moment {
  let left = random.below(draws.reduce((sum, [share]) => sum + share, 0));
  const drawn = draws.find(([share]) => (left -= share) < 0);
  if (drawn === undefined) throw new RangeError('no moment to draw');
  return drawn[1](random, life, job, from);
}

/** One of the steps from the first to the last, both among them. */
function stepIn(random: Random, first: number, last: number): { after: 'step'; step: number } {
  return { after: 'step', step: first + random.below(Math.max(1, last - first + 1)) };
}

/** At once after a step that a validation follows. */
function validation(random: Random, _: Life, { steps, validateEvery }: Job, from: number): Moment {
  const first = Math.floor(from / validateEvery) + 1;
  const { after, step } = stepIn(random, first, Math.ceil(steps / validateEvery));
  return { after, step: Math.min(steps, step * validateEvery), ms: 0 };
}
