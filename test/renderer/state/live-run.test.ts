import { flushSync } from 'svelte';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { LiveRun } from '../../../src/renderer/state/live-run.svelte.ts';
import { watch } from '../watch.svelte.ts';
import { columnsAt, pointOf as point } from '../steps-of.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test('a page that opens in the middle of a run sees every step once', () => {
  const live = new LiveRun();
  for (const step of [6, 7]) live.apply({ kind: 'step', point: point(step) });
  live.backfill({
    steps: columnsAt([1, 2, 3, 4, 5, 6]),
    validations: [],
    health: [],
    watched: { prompts: [], rounds: [] },
  });
  live.apply({ kind: 'step', point: point(8) });
  expect([...live.steps.column('step')]).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
});

test('a thousand quick steps draw the page a few times, and the last one is seen', () => {
  const live = new LiveRun();
  const seen: number[] = [];
  const stop = watch(() => seen.push(live.steps.length));
  for (let step = 1; step <= 1000; step += 1) {
    live.apply({ kind: 'step', point: point(step) });
    vi.advanceTimersByTime(1);
    flushSync();
  }
  vi.advanceTimersByTime(1000);
  flushSync();
  stop();
  expect(seen.at(-1)).toBe(1000);
  expect(seen.length).toBeLessThan(12);
});

test('a step that comes after a while is seen at once', () => {
  const live = new LiveRun();
  let seen = 0;
  const stop = watch(() => (seen = live.steps.length));
  for (let step = 1; step <= 3; step += 1) {
    vi.advanceTimersByTime(400);
    live.apply({ kind: 'step', point: point(step) });
    flushSync();
    expect(seen).toBe(step);
  }
  stop();
});

test('readings of the health come live and out of the store, each once', () => {
  const live = new LiveRun();
  const reading = (step: number) => ({
    step,
    modules: [],
    alarms: [],
    experts: [],
    imbalance: null,
  });
  live.apply({ kind: 'health', point: reading(9) });
  live.backfill({
    steps: columnsAt([]),
    validations: [],
    health: [1, 5, 9].map(reading),
    watched: { prompts: [], rounds: [] },
  });
  expect(live.health.map(({ step }) => step)).toEqual([1, 5, 9]);
});

test('a phase is shown until the first step', () => {
  const live = new LiveRun();
  live.apply({ kind: 'progress', phase: 'Reading weights', done: 210, total: 272 });
  expect(live.phase?.done).toBe(210);
  live.apply({ kind: 'step', point: point(1) });
  expect(live.phase).toBeNull();
});

test('memory is kept', () => {
  const live = new LiveRun();
  live.apply({ kind: 'memory', residentBytes: 10, peakBytes: 20 });
  expect(live.memory).toEqual({ residentBytes: 10, peakBytes: 20 });
});

test('rounds of answers come live and out of the store, each once and in order', () => {
  const live = new LiveRun();
  const prompts = [{ asked: 'light 3', wanted: null, base: 'a light' }];
  live.apply({ kind: 'answers', point: { step: 4, answers: ['four'] } });
  const rounds = [0, 2, 4].map((step) => ({ step, answers: [`stored ${step}`] }));
  live.backfill({
    ...{ steps: columnsAt([]), validations: [], health: [] },
    watched: { prompts, rounds },
  });
  expect(live.prompts).toEqual(prompts);
  expect(live.rounds.map(({ answers }) => answers[0])).toEqual(['stored 0', 'stored 2', 'four']);
});

test('a thousand quick words of a phase draw the page a few times, and the last one is seen', () => {
  const live = new LiveRun();
  const seen: (number | null)[] = [];
  const stop = watch(() => seen.push(live.phase?.done ?? null));
  for (let done = 1; done <= 1000; done += 1) {
    live.apply({ kind: 'progress', phase: 'Forgetting', done, total: 1000 });
    vi.advanceTimersByTime(1);
    flushSync();
  }
  vi.advanceTimersByTime(1000);
  flushSync();
  expect(seen.at(-1)).toBe(1000);
  expect(seen.length).toBeLessThan(12);
  vi.advanceTimersByTime(1000);
  const size = { trainableParameters: 1, totalParameters: 2, totalSteps: 3, labels: null };
  live.apply({ kind: 'prepared', ...size, base: { form: 'dense', doubleQuant: false } });
  flushSync();
  expect(seen.at(-1)).toBeNull();
  stop();
});

test('a run of many steps, which take a while to draw, is drawn less often', () => {
  const live = new LiveRun();
  const many = Array.from({ length: 100_000 }, (_, step) => step + 1);
  live.backfill({
    ...{ steps: columnsAt(many), validations: [], health: [] },
    watched: { prompts: [], rounds: [] },
  });
  let drawn = 0;
  const stop = watch(() => (drawn += live.steps.length > 0 ? 1 : 0));
  flushSync();
  const before = drawn;
  for (let step = 100_001; step <= 102_000; step += 1) {
    live.apply({ kind: 'step', point: point(step) });
    vi.advanceTimersByTime(1);
    flushSync();
  }
  stop();
  // In two seconds, half a second apart and not a quarter.
  expect(drawn - before).toBeLessThan(6);
});
