/** When a blend is measured, and what is shown of answers that come late, with a main process that answers when it is told to. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { BlendWork } from '../../../src/renderer/state/blend-work.svelte.ts';
import { lorikeetError } from '../../../src/shared/errors/lorikeet-error.ts';
import { watch } from '../watch.svelte.ts';

type Question = { command: string; request: unknown; answer: (given: unknown) => Promise<void> };
const questions: Question[] = [];
const asked = () => questions.map(({ command }) => command);

beforeEach(() => {
  vi.useFakeTimers();
  questions.length = 0;
  const invoke = (command: string, request: unknown) =>
    new Promise((resolve) => {
      const answer = async (given: unknown) => {
        resolve(given);
        await vi.advanceTimersByTimeAsync(0);
      };
      questions.push({ command, request, answer });
    });
  vi.stubGlobal('window', { lorikeet: { invoke } });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const good = (value: unknown) => ({ ok: true, value });
const weighed = (work: BlendWork, weight: number) => {
  work.form = { ...work.form, parts: [{ id: 1, weight }] };
};
/** Longer than the form has to be still. */
const still = () => vi.advanceTimersByTimeAsync(1000);

test('figures follow the sliders once these are still, and are of the form only then', async () => {
  const work = new BlendWork();
  const end = watch(() => work.follow());
  for (const weight of [0.5, 0.6, 0.7]) {
    weighed(work, weight);
    await vi.advanceTimersByTimeAsync(200);
  }
  expect(asked()).toEqual([]);
  await still();
  expect(questions.map(({ request }) => request)).toMatchObject([{ adapters: [{ weight: 0.7 }] }]);
  await questions[0]?.answer(good('figures'));
  expect([work.figures.answer?.value, work.measured]).toEqual(['figures', true]);
  weighed(work, 0.8);
  expect([work.figures.answer?.value, work.measured]).toEqual(['figures', false]);
  end();
});

test('a slow kind waits until it is asked for', async () => {
  const work = new BlendWork();
  const end = watch(() => work.follow());
  weighed(work, 1);
  work.form = { ...work.form, kind: 'ties' };
  await still();
  expect(asked()).toEqual([]);
  void work.measure();
  expect(asked()).toEqual(['blends.figures']);
  end();
});

test('figures that were overtaken are stopped, and change nothing', async () => {
  const work = new BlendWork();
  weighed(work, 1);
  void work.measure();
  weighed(work, 2);
  void work.measure();
  expect(asked()).toEqual(['blends.figures', 'blends.stop', 'blends.figures']);
  await questions[2]?.answer(good('new'));
  const { problem } = lorikeetError('engine/failed', { message: 'late' });
  await questions[0]?.answer({ ok: false, problem });
  expect([work.figures.answer?.value, work.figures.failure, work.figures.busy]).toEqual([
    ...['new', null, false],
  ]);
});

test('no figures are computed while the blend answers, which they would take away', async () => {
  const work = new BlendWork();
  const end = watch(() => work.follow());
  weighed(work, 1);
  work.prompt = 'hello';
  void work.try(['one']);
  weighed(work, 2);
  await still();
  expect(asked()).toEqual(['blends.try']);
  await questions[0]?.answer(good({ parts: [] }));
  await still();
  expect(asked()).toEqual(['blends.try', 'blends.figures']);
  end();
});

test('what was cancelled is no problem; what failed is one of its settings', async () => {
  const work = new BlendWork();
  weighed(work, 1);
  void work.measure();
  void work.stop();
  expect(work.stopping).toBe(true);
  const cancelled = lorikeetError('engine/cancelled', { work: 'The composition' });
  await questions[0]?.answer({ ok: false, problem: cancelled.problem });
  expect([work.figures.failure, work.stopping, work.figures.busy]).toEqual([null, false, false]);
  void work.measure();
  const { problem } = lorikeetError('compose/bad-seed', { seed: -1 });
  await questions[2]?.answer({ ok: false, problem });
  expect(work.figures.failure).toEqual({ of: work.key, problem });
});
