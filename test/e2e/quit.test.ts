/** However the studio ends, a run in progress is not lost: asked, in the background, told by a signal, or killed. */
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openStore } from '../../src/main/store/database.ts';
import type { RunRecord } from '../../src/shared/contract/records.ts';
import { startRun } from './choose.ts';
import { launchStudio, type LaunchedStudio } from './launch.ts';
import { invoke, tinyRun } from './tiny-run.ts';

const endless = 1_000_000;
let studio: LaunchedStudio;
let ended: Promise<unknown>;

beforeEach(async () => {
  await launch();
});
afterEach(async () => {
  // A test that failed half-way leaves its application running.
  if (studio.process.exitCode === null) studio.process.kill('SIGKILL');
  await ended;
});

async function launch(home?: string): Promise<void> {
  studio = await launchStudio(home);
  ended = once(studio.process, 'exit');
}

/** Starts a run and waits for its first steps. */
async function train(steps: number, name?: string): Promise<number> {
  const { id } = await startRun(studio, tinyRun(studio.home, steps, name));
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

/** It waits for the next start, and goes on there from its checkpoint. */
async function expectGoesOn(id: number): Promise<void> {
  const run = runInStore(id);
  expect(run).toMatchObject({ state: 'paused', heldBy: 'quit', problem: null });
  const { path = '', step = 0 } = run.checkpoint ?? {};
  expect(existsSync(path)).toBe(true);
  expect(step).toBeGreaterThanOrEqual(3);
  await launch(studio.home);
  await expect.poll(() => runInStore(id).state, { timeout: 60_000 }).toBe('running');
  await expect.poll(() => runInStore(id).step, { timeout: 60_000 }).toBeGreaterThan(step);
  const steps = (await invoke(studio.page, 'runs.metrics', { id })).steps.step;
  expect([...steps.slice(0, step + 1)]).toEqual(Array.from({ length: step + 1 }, (_, i) => i + 1));
}

test('closing asks; cancel changes nothing, and pause and quit goes on at the next start', async () => {
  const id = await train(endless);
  await closeAndAnswer(2);
  await studio.page.waitForTimeout(300);
  expect(await visible()).toBe(true);
  expect(runInStore(id).state).toBe('running');
  await closeAndAnswer(1);
  await ended;
  await expectGoesOn(id);
});

test('in the background the run goes on to its end, and then the studio ends', async () => {
  const id = await train(endless);
  await closeAndAnswer(0);
  await expect.poll(visible).toBe(false);
  const { step } = runInStore(id);
  await expect.poll(() => runInStore(id).step).toBeGreaterThan(step);
  // Its end, brought forward.
  await invoke(studio.page, 'runs.stop', { id });
  await ended;
  expectSaved(id);
});

test.each(['SIGTERM', 'SIGHUP'] as const)(
  '%s pauses the run, which goes on at the next start',
  async (signal) => {
    const id = await train(endless);
    studio.process.kill(signal);
    await ended;
    await expectGoesOn(id);
  },
);

test('Ctrl-C in its terminal, which all its processes get, pauses the run, too', async () => {
  const id = await train(endless);
  // Playwright has started it as the leader of a group.
  process.kill(-(studio.process.pid ?? NaN), 'SIGINT');
  await ended;
  await expectGoesOn(id);
});

test('the end of a session: all its processes are told to end, and the run goes on at the next start', async () => {
  const id = await train(endless);
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
  const id = await train(endless);
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
  await studio.quit();
});

test('when the engine dies its run is interrupted, with the reason, and the next one trains', async () => {
  const id = await train(endless);
  await studio.app.evaluate(({ app }) => {
    const engine = app.getAppMetrics().find(({ name }) => name === 'Lorikeet training');
    if (engine) process.kill(engine.pid, 'SIGKILL');
  });
  await expect.poll(() => runInStore(id).state).toBe('interrupted');
  expect(runInStore(id).problem?.what).toMatch(/its process was killed from outside/);
  await train(endless, 'after');
  await closeAndAnswer(1);
  await ended;
});
