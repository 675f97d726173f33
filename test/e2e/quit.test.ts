/** However the studio ends, a run in progress is not lost: asked, in the background, told by a signal, or killed. */
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeEach, expect, onTestFailed, test } from 'vitest';
import { openStore } from '../../src/main/store/database.ts';
import type { RunRecord } from '../../src/shared/contract/records.ts';
import { startRun } from './choose.ts';
import { launchStudio, type LaunchedStudio } from './launch.ts';
import { endless, invoke, tinyRun } from './tiny-run.ts';

let studio: LaunchedStudio;
let ended: Promise<unknown>;
let hasEnded = true;

// A start takes longer than most tests: each takes over the studio that the one before has left, with its run.
beforeEach(async () => {
  onTestFailed(kill);
  if (hasEnded) await launch();
});
afterAll(kill);

async function launch(home?: string): Promise<void> {
  studio = await launchStudio(home);
  hasEnded = false;
  ended = once(studio.process, 'exit').then(() => {
    hasEnded = true;
  });
}

async function kill(): Promise<void> {
  if (!hasEnded) studio.process.kill('SIGKILL');
  await ended;
}

/** A run that has done its first steps: one that trains already, or a new one. */
async function underWay(): Promise<RunRecord> {
  const runs = await invoke(studio.page, 'runs.list', undefined);
  const running = runs.find(({ state }) => state === 'running');
  return runInStore(running?.id ?? (await train()));
}

/** Starts a run and waits for its first steps. */
async function train(): Promise<number> {
  const { id } = await startRun(studio, tinyRun(studio.home, endless));
  const step = async () =>
    (await invoke(studio.page, 'runs.list', undefined)).find((run) => run.id === id)?.step;
  await expect.poll(step, { timeout: 60_000 }).toBeGreaterThan(2);
  return id;
}

/** Presses the window's close button, and the button with this number in the question that follows. */
async function closeAndAnswer(response: number): Promise<void> {
  await studio.app.evaluate(({ BrowserWindow, dialog }, button) => {
    dialog.showMessageBox = () => Promise.resolve({ response: button, checkboxChecked: false });
    // After this call has been answered: the application may be gone a moment later.
    setTimeout(() => BrowserWindow.getAllWindows()[0]?.close(), 50);
  }, response);
}

const visible = () =>
  studio.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.isVisible());

function runInStore(id: number): RunRecord {
  const store = openStore(join(studio.home, 'lorikeet.db'));
  const run = store.runs.get(id);
  store.close();
  return run;
}

function expectSaved(id: number): void {
  const run = runInStore(id);
  expect(run.state).toBe('stopped');
  expect(existsSync(join(run.output, 'adapter_model.safetensors'))).toBe(true);
}

/** It waits for the next start, and goes on there from a checkpoint of its end, not of one before: `was` is the run in progress. */
async function expectGoesOn({ id, step: was }: RunRecord): Promise<void> {
  const run = runInStore(id);
  expect(run).toMatchObject({ state: 'paused', heldBy: 'quit', problem: null });
  const { path = '', step = 0 } = run.checkpoint ?? {};
  expect(existsSync(path)).toBe(true);
  expect(step).toBeGreaterThanOrEqual(Math.max(3, was));
  await launch(studio.home);
  await expect.poll(() => runInStore(id).state, { timeout: 60_000 }).toBe('running');
  await expect.poll(() => runInStore(id).step, { timeout: 60_000 }).toBeGreaterThan(step);
  const steps = (await invoke(studio.page, 'runs.metrics', { id })).steps.step;
  expect([...steps.slice(0, step + 1)]).toEqual(Array.from({ length: step + 1 }, (_, i) => i + 1));
}

test('closing asks; cancel changes nothing, and pause and quit goes on at the next start', async () => {
  const run = await underWay();
  await closeAndAnswer(2);
  await studio.page.waitForTimeout(300);
  expect(await visible()).toBe(true);
  expect(runInStore(run.id).state).toBe('running');
  await closeAndAnswer(1);
  await ended;
  await expectGoesOn(run);
});

test.each(['SIGTERM', 'SIGHUP'] as const)(
  '%s pauses the run, which goes on at the next start',
  async (signal) => {
    const run = await underWay();
    studio.process.kill(signal);
    await ended;
    await expectGoesOn(run);
  },
);

test('Ctrl-C in its terminal, which all its processes get, pauses the run, too', async () => {
  const run = await underWay();
  // Playwright has started it as the leader of a group.
  process.kill(-(studio.process.pid ?? NaN), 'SIGINT');
  await ended;
  await expectGoesOn(run);
});

test('the end of a session: all its processes are told to end, and the run goes on at the next start', async () => {
  const { id } = await underWay();
  process.kill(-(studio.process.pid ?? NaN), 'SIGTERM');
  await ended;
  // Chromium's helpers may take the application with them: then there is no checkpoint of that moment.
  const { step, heldBy } = runInStore(id);
  expect(heldBy).toBe('quit');
  await launch(studio.home);
  await expect.poll(() => runInStore(id).step, { timeout: 60_000 }).toBeGreaterThan(step);
  expect(runInStore(id).state).toBe('running');
  const steps = (await invoke(studio.page, 'runs.metrics', { id })).steps.step;
  expect([...steps.slice(0, step + 1)]).toEqual(Array.from({ length: step + 1 }, (_, i) => i + 1));
});

test('killed: the next start says what happened, keeps the points, and goes on with the queue', async () => {
  const { id } = await underWay();
  const next = await startRun(studio, tinyRun(studio.home, 3, 'next'));
  expect(next.state).toBe('queued');
  studio.process.kill('SIGKILL');
  await ended;
  const { step } = runInStore(id);
  await launch(studio.home);
  const of = async (wanted: number) =>
    (await invoke(studio.page, 'runs.list', undefined)).find((run) => run.id === wanted);
  expect(await of(id)).toMatchObject({
    state: 'interrupted',
    problem: { code: 'studio/interrupted' },
  });
  expect((await invoke(studio.page, 'runs.metrics', { id })).steps.step).toHaveLength(step);
  await expect.poll(async () => (await of(next.id))?.state, { timeout: 60_000 }).toBe('finished');
});

test('when the engine dies its run is interrupted, with the reason, and the next one trains', async () => {
  const { id } = await underWay();
  await studio.app.evaluate(({ app }) => {
    const engine = app.getAppMetrics().find(({ name }) => name === 'Lorikeet training');
    if (engine) process.kill(engine.pid, 'SIGKILL');
  });
  await expect.poll(() => runInStore(id).state).toBe('interrupted');
  expect(runInStore(id).problem?.what).toMatch(/its process was killed from outside/);
  await train();
});

test('in the background the run goes on to its end, and then the studio ends', async () => {
  const { id } = await underWay();
  await closeAndAnswer(0);
  await expect.poll(visible).toBe(false);
  const { step } = runInStore(id);
  await expect.poll(() => runInStore(id).step).toBeGreaterThan(step);
  // Its end, brought forward.
  await invoke(studio.page, 'runs.stop', { id });
  await ended;
  expectSaved(id);
});
