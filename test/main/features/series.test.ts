/** Series by the window's commands, with the real engine and store: trained at once, halved, told live, and found again. */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
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
import { studioIn } from './open-studio.ts';

const root = mkdtempSync(join(tmpdir(), 'lorikeet-series-'));
const data = join(root, 'data.jsonl');
const model = fixturePath('models/tiny-tied');
const events: StudioEvent[] = [];
let hear: (event: StudioEvent) => void = () => undefined;
let studio: Studio;
let handlers: ReturnType<typeof runHandlers>;

beforeAll(() => {
  const line = (n: number) =>
    JSON.stringify({ prompt: `light ${n % 7}`, completion: `{"n":${n}}` });
  writeFileSync(data, Array.from({ length: 30 }, (_, n) => line(n)).join('\n'));
  studio = studioIn(root, (event) => {
    events.push(event);
    hear(event);
  });
  studio.known.addConfig(configOf(1));
  handlers = runHandlers(studio, {
    ...{ version: '1', pick: () => Promise.resolve(null), copy: () => Promise.resolve() },
    ...{ folders: { app: '/app', program: '/program' }, showMenu: () => {} },
    ...{ reveal: () => {}, trash: () => Promise.resolve(), save: () => Promise.resolve(null) },
  });
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
  await vi.waitFor(() => {
    expect(folders.filter((folder) => existsSync(folder))).toEqual([]);
  });
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
