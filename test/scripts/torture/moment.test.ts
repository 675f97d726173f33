/** The moments of kills: the same for a seed, and over the whole life of a process. */
import { expect, it } from 'vitest';
import type { Job } from '../../../scripts/torture/job.ts';
import { drawMoment } from '../../../scripts/torture/moment.ts';
import { createRandom } from '../../../src/main/engine/random.ts';

const life = { toFirstStep: 2000, fromLastStep: 300 };
const job: Job = {
  name: 'short',
  steps: 24,
  validateEvery: 5,
  settings: {},
  lora: {},
  generalText: 'off',
};

function draws(seed: number, from: number) {
  const random = createRandom(seed);
  return Array.from({ length: 400 }, () => drawMoment(random, life, job, from));
}

it('follow from the seed', () => {
  expect(draws(7, 0)).toEqual(draws(7, 0));
  expect(draws(7, 0)).not.toEqual(draws(8, 0));
});

it.each([0, 5, job.steps - 1])('lie in every part of a life that goes on after step %i', (from) => {
  const moments = draws(1, from);
  const kinds = new Set(moments.map(({ after }) => after));
  expect([...kinds].sort()).toEqual(['adapter', 'checkpoint', 'start', 'step']);
  const steps = moments.flatMap((each) => (each.after === 'step' ? [each.step] : []));
  expect(Math.min(...steps)).toBe(from + 1);
  expect(Math.max(...steps)).toBe(job.steps);
  const starts = moments.flatMap(({ after, ms }) => (after === 'start' ? [ms] : []));
  expect(Math.min(...starts)).toBeLessThan(0.1 * life.toFirstStep);
  expect(Math.max(...starts)).toBeGreaterThan(0.9 * life.toFirstStep);
  expect(Math.max(...starts)).toBeLessThan(life.toFirstStep);
});
