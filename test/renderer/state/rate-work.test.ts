/** The search for a learning rate in the window: what is asked, what is heard meanwhile, and of which form the answer is. */
import { afterEach, expect, test, vi } from 'vitest';
import { RateWork } from '../../../src/renderer/state/rate-work.svelte.ts';
import type { RateSearch } from '../../../src/shared/contract/rate-search.ts';
import type { TrainingConfig } from '../../../src/shared/contract/training-config.ts';
import { smallConfig } from '../../main/small-config.ts';

afterEach(() => {
  vi.unstubAllGlobals();
});

/** A page whose main process answers when it is told to. */
function asking() {
  const sent: unknown[] = [];
  let resolve: (answer: unknown) => void = () => undefined;
  const invoke = (command: string, request: unknown) => {
    sent.push([command, request]);
    return new Promise((settle) => {
      resolve = settle;
    });
  };
  vi.stubGlobal('window', { lorikeet: { invoke } });
  return {
    sent,
    answer: (value: RateSearch) => {
      resolve({ ok: true, value });
    },
  };
}

const config = smallConfig(50);

test('what is typed is tried, steps are heard, and a trial that begins anew has a new curve', async () => {
  const { sent, answer } = asking();
  const work = new RateWork();
  work.rates = '1e-3, 1e-4';
  const searched = work.search(config);
  const trials = [1e-4, 1e-3].map((learningRate) => ({ learningRate, alpha: 16 }));
  expect(sent).toEqual([['rates.search', { config, trials }]]);
  const step = (trial: number, step: number, loss: number) => {
    work.apply({ kind: 'rate-step', trial, step, loss });
  };
  step(0, 1, 3);
  step(1, 1, 3);
  step(1, 2, 2);
  expect(work.losses).toEqual([[3], [3, 2]]);
  step(1, 1, 3);
  expect(work.losses).toEqual([[3], [3]]);
  work.apply({ kind: 'rate-progress', phase: 'Trying', done: 1, total: 50 }, 0);
  expect(work.progress).toMatchObject({ done: 1, total: 50 });
  answer({
    trials: trials.map((trial) => ({ ...trial, loss: 1, problem: null })),
    ...{ steps: 50, totalSteps: 50, epochs: 1, measure: 'training', measuredOver: 13 },
  });
  await searched;
  expect(work.progress).toBeNull();
  expect(work.asked.answer?.value.steps).toBe(50);
  // The best rate is taken into the form, and the answer is still of it.
  const taken = { ...config, name: 'other', learningRate: 1, lora: { ...config.lora, alpha: 1 } };
  expect(work.isOfAnother(taken)).toBe(false);
  const watched: TrainingConfig['watched'] = { kind: 'typed', prompts: ['say 3'] };
  expect(work.isOfAnother({ ...config, watched, answerTokens: 9 })).toBe(false);
  expect(work.isOfAnother({ ...config, batchSize: 9 })).toBe(true);
  work.widen('highest');
  expect(work.rates).toBe('0.001, 0.01');
});

test('nothing is asked for what makes no trials', async () => {
  const { sent } = asking();
  const work = new RateWork();
  work.rates = 'many';
  await work.search(config);
  expect(sent).toEqual([]);
});
