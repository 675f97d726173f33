/** What the form shows of the answers to its questions, with a main process that answers when it is told to. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Estimation } from '../../../src/renderer/state/estimation.svelte.ts';
import type { Answer } from '../../../src/shared/contract/bridge.ts';
import type { RunEstimate } from '../../../src/shared/contract/estimates.ts';
import type { TrainingConfig } from '../../../src/shared/contract/training-config.ts';
import { lorikeetError } from '../../../src/shared/errors/lorikeet-error.ts';
import { runOf } from '../run-record.ts';
import { estimateOf } from '../train-estimate.ts';

type Question = {
  config: TrainingConfig;
  answer: (answer: Answer<RunEstimate>) => Promise<void>;
};
const questions: Question[] = [];

beforeEach(() => {
  vi.useFakeTimers();
  questions.length = 0;
  const invoke = (_command: string, config: TrainingConfig) =>
    new Promise((resolve) => {
      const answer = async (given: Answer<RunEstimate>) => {
        resolve(given);
        await vi.advanceTimersByTimeAsync(0);
      };
      questions.push({ config, answer });
    });
  vi.stubGlobal('window', { lorikeet: { invoke } });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const configOf = (over: Partial<TrainingConfig>) => ({ ...runOf({}).config, ...over });
const answerOf = (totalSteps: number) => ({ ok: true as const, value: estimateOf({ totalSteps }) });
/** Longer than a form has to be still. */
const still = () => vi.advanceTimersByTimeAsync(1000);

test('a form that is still is asked about once, however often it changed before', async () => {
  const estimation = new Estimation();
  for (const batchSize of [1, 2, 3]) {
    estimation.ask(configOf({ batchSize }));
    await vi.advanceTimersByTimeAsync(200);
  }
  expect(questions).toHaveLength(0);
  await still();
  expect(questions.map(({ config }) => config.batchSize)).toEqual([3]);
  await questions[0]?.answer(answerOf(7));
  expect(estimation.answer?.totalSteps).toBe(7);
  expect([estimation.busy, estimation.stale]).toEqual([false, false]);
});

test('the old answer stays, as an old one, until the new one comes', async () => {
  const estimation = new Estimation();
  estimation.ask(configOf({ batchSize: 1 }));
  await still();
  await questions[0]?.answer(answerOf(7));
  estimation.ask(configOf({ batchSize: 2 }));
  expect([estimation.answer?.totalSteps, estimation.stale]).toEqual([7, true]);
  await still();
  await questions[1]?.answer(answerOf(4));
  expect([estimation.answer?.totalSteps, estimation.stale]).toEqual([4, false]);
});

test('questions wait for the one before, and those that were overtaken are never asked', async () => {
  const estimation = new Estimation();
  for (const batchSize of [1, 2, 3]) {
    estimation.ask(configOf({ batchSize }));
    await still();
  }
  expect(questions).toHaveLength(1);
  await questions[0]?.answer(answerOf(1));
  expect(estimation.answer).toBeNull();
  expect(questions.map(({ config }) => config.batchSize)).toEqual([1, 3]);
  await questions[1]?.answer(answerOf(3));
  expect(estimation.answer?.totalSteps).toBe(3);
});

test('what would keep the run from training is shown until the form changes', async () => {
  const estimation = new Estimation();
  estimation.ask(configOf({ batchSize: 1 }));
  await still();
  const { problem } = lorikeetError('lora/bad-rank', { rank: 65, most: 64, module: 'q_proj' });
  await questions[0]?.answer({ ok: false, problem });
  expect(estimation.problem?.code).toBe('lora/bad-rank');
  expect([estimation.answer, estimation.busy]).toEqual([null, false]);
  estimation.ask(configOf({ batchSize: 2 }));
  expect(estimation.problem).toBeNull();
});

test('settings that change neither memory nor steps ask nothing', async () => {
  const estimation = new Estimation();
  estimation.ask(configOf({}));
  await still();
  await questions[0]?.answer(answerOf(7));
  estimation.ask(configOf({ name: 'other', learningRate: 1, scheduler: 'linear', warmupSteps: 0 }));
  await still();
  expect(questions).toHaveLength(1);
  expect(estimation.stale).toBe(false);
});

test('a form with mistakes is not asked about, and neither is one that was left', async () => {
  const estimation = new Estimation();
  estimation.ask(configOf({ batchSize: 1 }));
  estimation.ask(null);
  await still();
  expect(questions).toHaveLength(0);
  expect(estimation.busy).toBe(false);
});
