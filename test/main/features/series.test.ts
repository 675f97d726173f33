/** Series by the window's commands, with the real engine and store: trained at once, halved, told live, and found again. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { runHandlers } from '../../../src/main/features/runs.ts';
import type { Studio } from '../../../src/main/studio.ts';
import type { StudioEvent } from '../../../src/shared/contract/events.ts';
import type { RunRecord } from '../../../src/shared/contract/records.ts';
import type { TrainingConfig } from '../../../src/shared/contract/training-config.ts';
import { trainingDefaults } from '../../../src/shared/contract/training-defaults.ts';
import { isUnfinished } from '../../../src/shared/run-states.ts';
import { problemOf } from '../engine/checkpoint/fixtures.ts';
import { fixturePath } from '../engine/parity/fixtures.ts';
import { mortalEngine } from './mortal-engine.ts';
import { noDesktop } from './no-desktop.ts';
import { studioIn } from './open-studio.ts';

const root = mkdtempSync(join(tmpdir(), 'lorikeet-series-'));
const data = join(root, 'data.jsonl');
const model = fixturePath('models/tiny-tied');
const events: StudioEvent[] = [];
let hear: (event: StudioEvent) => void = () => undefined;
const engine = mortalEngine();
let studio: Studio;
let handlers: ReturnType<typeof runHandlers>;

beforeAll(() => {
  const line = (n: number) =>
    JSON.stringify({ prompt: `light ${n % 7}`, completion: `{"n":${n}}` });
  writeFileSync(data, Array.from({ length: 30 }, (_, n) => line(n)).join('\n'));
  studio = studioIn(
    root,
    (event) => {
      events.push(event);
      hear(event);
    },
    { training: engine.transport },
  );
  studio.known.addConfig(configOf(1));
  handlers = runHandlers(studio, noDesktop);
});
afterAll(async () => {
  await studio.close();
  rmSync(root, { recursive: true });
});

function configOf(learningRate: number, changes: Partial<TrainingConfig> = {}): TrainingConfig {
  return {
    ...trainingDefaults,
    ...{ name: `rate ${learningRate}`, model, data, learningRate, scheduler: 'constant' },
    validation: { kind: 'split', fraction: 0.2 },
    duration: { kind: 'steps', steps: 8 },
    ...{ batchSize: 2, sequenceLength: 64, warmupSteps: 0, validateEvery: 1 },
    generalText: { kind: 'off' },
    ...changes,
  };
}

/** With a rung well before their end. */
const long: Partial<TrainingConfig> = {
  ...{ duration: { kind: 'steps', steps: 80 }, validateEvery: 10, checkpointEvery: 5 },
};

/** Until the first of a series has ended, and the others go on. */
async function halved(started: readonly RunRecord[]): Promise<void> {
  await vi.waitFor(
    () => {
      const [first, second] = started.map(({ id }) => studio.store.runs.get(id));
      expect([first?.state, second?.state]).toEqual(['stopped', 'running']);
    },
    { timeout: 60_000, interval: 5 },
  );
}

const faults = (): string[] =>
  (existsSync(studio.paths.log) ? readFileSync(studio.paths.log, 'utf8') : '')
    .split('\n')
    .filter((line) => line.includes('not-found'));

async function ended(runs: readonly RunRecord[]): Promise<RunRecord[]> {
  return vi.waitFor(
    () => {
      const now = runs.map(({ id }) => studio.store.runs.get(id));
      expect(now.filter(isUnfinished)).toEqual([]);
      return now;
    },
    { timeout: 60_000, interval: 20 },
  );
}

test('the worse halves end with their adapters, and one is trained to its end', async () => {
  const configs = [1e-9, 5e-3, 1e-8, 3e-3].map((rate) => configOf(rate));
  const started = await handlers['runs.series']({ configs, halving: true });
  const [first] = started;
  expect(started.map(({ groupId, seriesId, halving }) => ({ groupId, seriesId, halving }))).toEqual(
    started.map(() => ({ groupId: first?.id, seriesId: first?.id, halving: true })),
  );
  const runs = await ended(started);
  expect(runs.map(({ step }) => step).sort((a, b) => a - b)).toEqual([2, 2, 4, 8]);
  expect([runs[0]?.step, runs[2]?.step]).toEqual([2, 2]);
  for (const { step, state, adapterId, output, checkpoint, changes } of runs) {
    expect(state).toBe(step === 8 ? 'finished' : 'stopped');
    expect([adapterId !== null, existsSync(output), checkpoint]).toEqual([true, true, null]);
    expect(changes.map((change) => change.step)).toEqual(step === 8 ? [] : [step]);
  }
  // Every step is in the store once.
  for (const { id, step } of runs)
    expect(studio.store.metrics.of(id).steps.map((point) => point.step)).toEqual(
      Array.from({ length: step }, (_, i) => i + 1),
    );
  const folders = started.flatMap(({ id }) => studio.store.runs.get(id).checkpointFolder ?? []);
  await expect.poll(() => folders.filter((folder) => existsSync(folder))).toEqual([]);
  // None waits for a person in between.
  const told = events.flatMap((event) => (event.kind === 'run-changed' ? [event.run.state] : []));
  expect(told).not.toContain('paused');
  const again = await handlers['runs.ofSeries']({ id: first?.id ?? 0 });
  expect(again.map(({ id }) => id)).toEqual(started.map(({ id }) => id));
});

test('those that are left pause at a rung, and go on without the others', async () => {
  const configs = [1e-9, 5e-3, 1e-8, 3e-3].map((rate) => configOf(rate));
  const started = await handlers['runs.series']({ configs, halving: true });
  const better = [started[1], started[3]].map((run) => run?.id ?? 0);
  hear = (event) => {
    if (event.kind !== 'run-changed' || event.run.state !== 'stopped') return;
    hear = () => undefined;
    studio.queue.pause(better[0] ?? 0);
  };
  const states = (ids: readonly number[]) =>
    ids.map((id) => studio.store.runs.get(id)).map(({ state, step }) => `${state} ${step}`);
  await vi.waitFor(
    () => {
      expect(states(better)).toEqual(['paused 2', 'paused 2']);
    },
    { timeout: 60_000, interval: 20 },
  );
  // One that has ended has nothing to do with those that have not.
  expect(studio.store.runs.get(started[0]?.id ?? 0)).toMatchObject({
    ...{ state: 'stopped', groupId: null, checkpointFolder: null },
  });
  await handlers['runs.resume']({ id: better[1] ?? 0, at: 'back' });
  const runs = await ended(started);
  expect(runs.map(({ step }) => step).sort((a, b) => a - b)).toEqual([2, 2, 4, 8]);
});

test('an ended run that is removed is in nobody’s way: the others are stopped, and what they learnt is written', async () => {
  const configs = [1e-9, 5e-3, 1e-8, 3e-3].map((rate) => configOf(rate, long));
  const started = await handlers['runs.series']({ configs, halving: true });
  const [worse, better] = started.map(({ id }) => id);
  await halved(started);
  await handlers['runs.remove']({ id: worse ?? 0, adapter: false });
  expect(studio.queue.current?.id).toBe(better);
  studio.queue.stop(better ?? 0);
  const left = started.filter(({ id }) => id !== worse);
  const runs = await ended(left);
  expect(runs.map(({ state, adapterId }) => [state, adapterId !== null])).toEqual(
    runs.map(() => ['stopped', true]),
  );
  expect(faults()).toEqual([]);
});

test('a stop that comes at a rung writes what the better ones have learnt', async () => {
  const configs = [1e-9, 5e-3, 1e-8, 3e-3].map((rate) => configOf(rate, long));
  const started = await handlers['runs.series']({ configs, halving: true });
  hear = (event) => {
    if (event.kind !== 'run-changed' || event.run.state !== 'stopped') return;
    hear = () => undefined;
    studio.queue.stop(started[1]?.id ?? 0);
  };
  const runs = await ended(started);
  expect(runs.map(({ state, adapterId }) => [state, adapterId !== null])).toEqual(
    runs.map(() => ['stopped', true]),
  );
  expect(runs[1]?.step).toBe(runs[0]?.step);
});

test('one of several that are paused is removed, and the others go on from their checkpoint', async () => {
  const configs = [1e-3, 5e-3, 3e-3].map((rate) => configOf(rate, long));
  const started = await handlers['runs.series']({ configs, halving: false });
  const ids = started.map(({ id }) => id);
  await vi.waitFor(
    () => {
      expect(studio.store.runs.get(ids[0] ?? 0).step).toBeGreaterThan(3);
    },
    { timeout: 60_000, interval: 5 },
  );
  studio.queue.pause(ids[0] ?? 0);
  await vi.waitFor(
    () => {
      expect(ids.map((id) => studio.store.runs.get(id).state)).toEqual(ids.map(() => 'paused'));
    },
    { timeout: 60_000, interval: 20 },
  );
  const paused = studio.store.runs.get(ids[0] ?? 0).step;
  await handlers['runs.remove']({ id: ids[1] ?? 0, adapter: false });
  await handlers['runs.resume']({ id: ids[2] ?? 0, at: 'back' });
  const left = started.filter(({ id }) => id !== ids[1]);
  const runs = await ended(left);
  expect(runs.map(({ state, step }) => [state, step])).toEqual(left.map(() => ['finished', 80]));
  for (const { id } of left)
    expect(studio.store.metrics.of(id).steps.map(({ step }) => step)).toEqual(
      Array.from({ length: 80 }, (_, i) => i + 1),
    );
  expect(paused).toBeLessThan(80);
});

test('an engine that dies after a rung: those that are left go on by themselves where that is set', async () => {
  studio.store.settings.change({ continueInterrupted: true });
  const configs = [1e-9, 5e-3, 3e-3].map((rate) => configOf(rate, long));
  const started = await handlers['runs.series']({ configs, halving: true });
  await halved(started);
  await engine.kill();
  const runs = await ended(started);
  expect(runs.map(({ state }) => state).sort()).toEqual(['finished', 'stopped', 'stopped']);
  expect(
    events.flatMap((event) => (event.kind === 'run-changed' ? [event.run.state] : [])),
  ).toContain('interrupted');
  // It came to no change twice.
  for (const { changes } of runs) expect(changes.length).toBeLessThan(2);
});

test('those that end are over at once, with what they came to, while the others go on', async () => {
  studio.store.settings.change({ continueInterrupted: false });
  const steps = (count: number) => ({ duration: { kind: 'steps', steps: count } }) as const;
  const started = await handlers['runs.series']({
    configs: [
      configOf(1e-3, { ...long, ...steps(12) }),
      configOf(5e-3, { ...long, ...steps(400) }),
      // Its first validation is its best: the least improvement is never reached.
      configOf(3e-3, { ...long, validateEvery: 2, patience: 2, leastImprovement: 99 }),
      configOf(1e25, long),
    ],
    halving: false,
  });
  const [short, endless, early, wild] = started.map(({ id }) => id);
  const run = (id = 0) => studio.store.runs.get(id);
  await vi.waitFor(
    () => {
      expect([short, early, wild].map((id) => run(id).state)).toEqual([
        ...['finished', 'finished', 'failed'],
      ]);
    },
    { timeout: 60_000, interval: 5 },
  );
  expect(['preparing', 'running']).toContain(run(endless).state);
  expect(run(wild).problem?.code).toMatch(/^train\/(loss-not-finite|diverged)$/);
  expect([short, early].map((id) => run(id).adapterId !== null)).toEqual([true, true]);
  expect([run(short).step, run(early).early]).toEqual([12, true]);
  // What is asked of those that are left is asked of them alone.
  expect([short, early, wild].map((id) => run(id).groupId)).toEqual([null, null, null]);
  studio.queue.stop(endless ?? 0);
  await ended(started);
  expect([short, early, wild, endless].map((id) => run(id).state)).toEqual([
    ...['finished', 'finished', 'failed', 'stopped'],
  ]);
});

test('what cannot share the base is trained in a group of its own, or by itself', async () => {
  const batches = [2, 2, 1].map((batchSize, i) => configOf(1e-3 * (i + 1), { batchSize }));
  const started = await handlers['runs.series']({ configs: batches, halving: false });
  const [first] = started;
  expect(started.map(({ groupId }) => groupId)).toEqual([first?.id, first?.id, null]);
  const runs = await ended(started);
  expect(runs.map(({ state, step }) => [state, step])).toEqual(runs.map(() => ['finished', 8]));
});

test('what cannot be halved, or trained at all, is refused before anything is entered', async () => {
  const before = studio.store.runs.list().length;
  const configs = [1e-3, 2e-3].map((rate) => configOf(rate, { validation: { kind: 'none' } }));
  const unlike = await problemOf(() => handlers['runs.series']({ configs, halving: true }));
  expect(unlike.code).toBe('train/not-to-be-halved');
  const bad = [1e-3, 2e-3].map((rate) => {
    return configOf(rate, { lora: { ...trainingDefaults.lora, rank: 1000 } });
  });
  const problem = await problemOf(() => handlers['runs.series']({ configs: bad, halving: false }));
  expect(problem.code).toBe('lora/bad-rank');
  expect(studio.store.runs.list()).toHaveLength(before);
});
