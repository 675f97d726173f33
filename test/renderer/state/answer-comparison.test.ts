import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { AnswerComparison } from '../../../src/renderer/state/answer-comparison.svelte.ts';

const invoke = vi.fn<(command: string, request: unknown) => Promise<unknown>>();
beforeEach(() => {
  invoke.mockReset();
  vi.stubGlobal('window', { lorikeet: { invoke } });
});
afterEach(() => {
  vi.unstubAllGlobals();
});

const progress = (done: number) =>
  ({ kind: 'answers-progress', phase: 'Answering', done, total: 10 }) as const;

test('prompts with nothing in them are not asked; answers are of the form that they were asked with', async () => {
  invoke.mockResolvedValue({ ok: true, value: { groups: [], notices: [] } });
  const work = new AnswerComparison();
  await work.ask([1, 2]);
  expect(invoke).not.toHaveBeenCalled();
  work.add();
  work.add();
  work.prompts[0] = 'first';
  work.prompts[2] = 'third';
  await work.ask([]);
  expect(invoke).not.toHaveBeenCalled();
  await work.ask([1, 2]);
  expect(invoke.mock.calls).toMatchObject([
    ['answers.ask', { adapters: [1, 2], base: true, prompts: ['first', 'third'] }],
  ]);
  expect(work.answers.answer).toMatchObject({
    of: work.key([1, 2]),
    value: { prompts: ['first', 'third'] },
  });
  // An empty field more or less makes no other question; a run more does.
  work.remove(1);
  expect(work.answers.answer?.of).toBe(work.key([1, 2]));
  expect(work.answers.answer?.of).not.toBe(work.key([1, 2, 3]));
});

test('progress is that of the question in the making, and cancelling is no failure', async () => {
  const work = new AnswerComparison();
  work.apply(progress(1), 0);
  expect(work.progress).toBeNull();
  work.prompts[0] = 'first';
  let answer: (given: unknown) => void = () => {};
  invoke.mockImplementationOnce(() => new Promise((resolve) => (answer = resolve)));
  invoke.mockResolvedValueOnce({ ok: true, value: undefined });
  const asked = work.ask([1]);
  work.apply(progress(1), 0);
  work.apply(progress(6), 1000);
  expect(work.progress).toMatchObject({ done: 6, total: 10, secondsLeft: 0.8 });
  await work.stop();
  expect(work.stopping).toBe(true);
  const problem = { code: 'engine/cancelled', what: '', where: null, next: '' };
  answer({ ok: false, problem });
  await asked;
  expect([work.answers.failure, work.progress, work.stopping]).toEqual([null, null, false]);
});
