/** Steps that are done are passed over; the others run in order, and a failure stops them. */
import { expect, it } from 'vitest';
import type { Step } from '../../../scripts/setup/step.ts';
import { runSteps } from '../../../scripts/setup/steps.ts';

function recorder() {
  const ran: string[] = [];
  const step = (name: string, done: boolean, fails = false): Step => ({
    name,
    done: () => done,
    run: () => {
      ran.push(name);
      return fails ? Promise.reject(new Error(name)) : Promise.resolve();
    },
  });
  return { ran, step };
}

it('runs what is missing, in order', async () => {
  const { ran, step } = recorder();
  expect(await runSteps([step('a', false), step('b', true), step('c', false)])).toBe(2);
  expect(ran).toEqual(['a', 'c']);
});

it('stops at the first failure', async () => {
  const { ran, step } = recorder();
  await expect(runSteps([step('a', false, true), step('b', false)])).rejects.toThrow('a');
  expect(ran).toEqual(['a']);
});
