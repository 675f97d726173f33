/** The window's commands about runs in the queue: what is paused, taken up, moved, scheduled, begun anew and thrown away. Real store, real worker, real files. */
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { commandHandlers } from '../../../src/main/commands.ts';
import { crashTrail } from '../../../src/main/crash-trail.ts';
import { dispatch } from '../../../src/main/dispatch.ts';
import { openLog } from '../../../src/main/log.ts';
import { dataPaths } from '../../../src/main/paths.ts';
import { openStudio, type Studio } from '../../../src/main/studio.ts';
import { workerTransport } from '../../../src/main/worker-transport.ts';
import type { CommandHandlers } from '../../../src/shared/contract/commands.ts';
import type { RunState } from '../../../src/shared/contract/records.ts';
import { settingsOf } from '../../../src/renderer/lib/presets.ts';
import { smallConfig } from '../small-config.ts';
import { noDesktop } from './no-desktop.ts';

const root = mkdtempSync(join(tmpdir(), 'lorikeet-run-commands-'));
const paths = dataPaths({ LORIKEET_HOME: join(root, 'home') });
const log = openLog(paths.log);
const worker = workerTransport(new URL('../engine/small-worker.ts', import.meta.url));
const model = join(root, 'small.gguf');
const endless = 100_000;
let studio: Studio;
let handlers: CommandHandlers;

beforeAll(() => {
  writeFileSync(model, 'small');
  studio = openStudio({
    ...{ paths, log, trail: crashTrail(log, () => {}), publish: () => {}, onIdle: () => {} },
    resources: { starterModel: model, samples: join(root, 'samples') },
    transports: { training: worker, queries: worker },
  });
  handlers = commandHandlers(studio, noDesktop);
});
afterAll(async () => {
  await studio.close();
  rmSync(root, { recursive: true });
});

async function ask(name: string, request?: unknown): Promise<unknown> {
  const answered = await dispatch(handlers, log, name, request);
  return answered.ok ? answered.value : answered.problem;
}

const configOf = (steps: number, name: string) => ({ ...smallConfig(steps), model, name });
const run = (id: number) => studio.store.runs.get(id);

async function start(steps: number, name: string): Promise<number> {
  const config = configOf(steps, name);
  studio.known.addConfig(config);
  await ask('runs.start', config);
  return studio.store.runs.list().at(-1)?.id ?? 0;
}

async function becomes(id: number, state: RunState): Promise<void> {
  await vi.waitFor(
    () => {
      expect(run(id).state).toBe(state);
    },
    { timeout: 20_000, interval: 5 },
  );
}

test('pause, move, schedule and resume, each refused where it makes no sense', async () => {
  const first = await start(endless, 'first');
  const second = await start(1, 'second');
  const third = await start(1, 'third');
  expect(await ask('runs.move', { id: third, before: second })).toBeUndefined();
  expect(studio.queue.waiting.map(({ id }) => id)).toEqual([third, second]);
  expect(await ask('runs.move', { id: first, before: null })).toMatchObject({
    code: 'studio/not-waiting',
  });
  const notBefore = Date.now() + 3_600_000;
  await ask('runs.schedule', { id: second, notBefore });
  expect(run(second).notBefore).toBe(notBefore);
  await becomes(first, 'running');
  await ask('runs.pause', { id: first });
  await becomes(first, 'paused');
  await becomes(third, 'finished');
  expect(run(second).state).toBe('queued');
  expect(await ask('runs.resume', { id: third, at: 'front' })).toMatchObject({
    code: 'studio/cannot-go-on',
  });
  expect(await ask('runs.resume', { id: first, at: 'front' })).toMatchObject({ id: first });
  await becomes(first, 'running');
  await ask('runs.stop', { id: first });
  await becomes(first, 'stopped');
  await ask('runs.stop', { id: second });
  expect(run(second)).toMatchObject({ state: 'stopped', notBefore: null });
});

test('a run that is to begin later does not begin now', async () => {
  const config = configOf(1, 'later');
  const notBefore = Date.now() + 3_600_000;
  const later = await ask('runs.later', { config, notBefore });
  expect(later).toMatchObject({ state: 'queued', notBefore });
  const id = studio.queue.waiting[0]?.id ?? NaN;
  await ask('runs.schedule', { id, notBefore: null });
  await becomes(id, 'finished');
});

test('a run is begun anew under its name and with its settings', async () => {
  const id = await start(2, 'again');
  await becomes(id, 'finished');
  studio.store.runs.update(id, { state: 'failed' });
  const again = await ask('runs.retry', { id });
  expect(again).toMatchObject({ name: 'again' });
  expect(again).not.toMatchObject({ id });
});

test('removal throws checkpoints away, and the adapter only where that is wanted', async () => {
  const id = await start(endless, 'gone');
  await becomes(id, 'running');
  await ask('runs.pause', { id });
  await becomes(id, 'paused');
  const checkpoints = `${run(id).output}.checkpoints`;
  mkdirSync(join(checkpoints, 'step-1'), { recursive: true });
  expect(await ask('runs.remove', { id, adapter: true })).toBeUndefined();
  expect(existsSync(checkpoints)).toBe(false);
  expect(studio.store.runs.byId(id)).toBeNull();

  const trained = await start(1, 'trained');
  await becomes(trained, 'finished');
  const { output, adapterId } = run(trained);
  for (const path of [output, `${output}-last`]) mkdirSync(path, { recursive: true });
  studio.store.runs.update(trained, { last: `${output}-last` });
  const kept = await start(1, 'kept');
  await becomes(kept, 'finished');
  await ask('runs.remove', { id: kept, adapter: false });
  expect(studio.store.adapters.list().map(({ name }) => name)).toContain('kept');
  await ask('runs.remove', { id: trained, adapter: true });
  expect([existsSync(output), existsSync(`${output}-last`)]).toEqual([false, false]);
  expect(studio.store.adapters.byId(adapterId ?? 0)).toBeNull();
});

test('checkpoints of runs that are trained at once stay while another of them can go on', async () => {
  const ids = [await start(1, 'one'), await start(1, 'two')];
  const [one = 0, two = 0] = ids;
  for (const id of ids) await becomes(id, 'finished');
  const folder = join(paths.adapters, 'checkpoints');
  mkdirSync(join(folder, 'step-1'), { recursive: true });
  const checkpoint = { path: join(folder, 'step-1'), step: 1, at: 0 };
  for (const id of ids)
    studio.store.runs.update(id, {
      ...{ groupId: one, state: 'paused', checkpoint, checkpointFolder: folder },
    });
  await ask('runs.remove', { id: one, adapter: false });
  expect(existsSync(folder)).toBe(true);
  await ask('runs.remove', { id: two, adapter: false });
  expect(existsSync(folder)).toBe(false);
});

test('what is noted of a run is kept, also while it trains, and nothing that is too long', async () => {
  const id = await start(endless, 'noted');
  await becomes(id, 'running');
  const remarks = { notes: 'falls too quickly', tags: ['baseline', 'to keep'] };
  expect(await ask('runs.remark', { id, ...remarks })).toBe(undefined);
  expect(run(id)).toMatchObject({ ...remarks, state: 'running' });
  const long = { id, notes: '', tags: ['x'.repeat(41)] };
  expect(await ask('runs.remark', long)).toMatchObject({ code: expect.any(String) as string });
  expect(await ask('runs.remark', { ...remarks, id: 999 })).toMatchObject({
    code: 'studio/not-found',
  });
  expect(run(id)).toMatchObject(remarks);
  await ask('runs.stop', { id });
  await becomes(id, 'stopped');
});

test('settings are kept, and those that are not given stay', async () => {
  expect(await ask('settings.get')).toEqual({
    ...{ continueInterrupted: false, tellWhenOver: true, presets: [] },
  });
  const presets = [{ name: 'small', settings: settingsOf(smallConfig()) }];
  expect(await ask('settings.change', { continueInterrupted: true })).toMatchObject({
    continueInterrupted: true,
  });
  const both = { continueInterrupted: true, tellWhenOver: true, presets };
  expect(await ask('settings.change', { presets })).toEqual(both);
  expect(await ask('settings.change', {})).toEqual(both);
  expect(studio.store.settings.all()).toEqual(both);
  await ask('settings.change', { continueInterrupted: false });
});
