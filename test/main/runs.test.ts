/** The life of runs: what is kept of each, how they end, and the queue. Real store, real worker thread, small handlers. */
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { afterAll, beforeEach, expect, test, vi } from 'vitest';
import { EngineClient } from '../../src/main/engine-client.ts';
import { KeptCheckpoints } from '../../src/main/run-checkpoints.ts';
import { createRun, executeRun, executeVariants, recordRun } from '../../src/main/runs.ts';
import { openStore, type Store } from '../../src/main/store/database.ts';
import { sweep } from '../../src/main/sweep.ts';
import { workerTransport } from '../../src/main/worker-transport.ts';
import { askedTo } from '../../src/shared/asked-end.ts';
import type { RunRecord } from '../../src/shared/contract/records.ts';
import { codeOf } from '../../src/shared/errors/file-reason.ts';
import { localDate } from '../../src/shared/local-date.ts';
import { fillUp, smallDisk } from '../support/small-disk.ts';
import { halfWritten } from '../support/half-written.ts';
import { smallConfig } from './small-config.ts';
import { description, health } from './store/sample-records.ts';

const root = mkdtempSync(join(tmpdir(), 'lorikeet-runs-'));
const model = join(root, 'small.gguf');
writeFileSync(model, 'not read here');
const engine = new EngineClient(
  workerTransport(new URL('./engine/small-worker.ts', import.meta.url)),
);
const adapters = join(root, 'adapters');
let count = 0;
let storePath: string;
let store: Store;
beforeEach(() => {
  storePath = join(root, `${(count += 1)}.db`);
  store = openStore(storePath);
});
afterAll(async () => {
  await engine.close();
  rmSync(root, { recursive: true });
});

const config = (steps: number, name = 'small') => ({ ...smallConfig(steps), model, name });

test('a run that finishes leaves its points, figures and adapter', async () => {
  const states: string[] = [];
  const onChange = ({ state }: RunRecord) => states.push(state);
  const run = await recordRun({ store, engine }, config(3), { adapters }, { onChange });
  expect(run).toMatchObject({
    state: 'finished',
    step: 3,
    totalSteps: 3,
    lastLoss: 1,
    lastValidationLoss: 2.5,
    trainableParameters: 10,
    totalParameters: 100,
    base: { form: 'nf4', doubleQuant: false },
    output: join(adapters, '1-small'),
    problem: null,
    notices: ['Two texts were cut.'],
  });
  expect(run.peakMemoryBytes).toBeGreaterThan(10e6);
  expect(run.finishedAt).toBeGreaterThanOrEqual(run.startedAt ?? Infinity);
  // Chat templates may write the date: asking the adapter later is to give the same text.
  expect(run.config).toEqual({ ...config(3), date: localDate(new Date(run.startedAt ?? NaN)) });
  expect([...new Set(states)]).toEqual(['preparing', 'running', 'finished']);
  expect(store.metrics.of(run.id).steps.map(({ loss }) => loss)).toEqual([3, 1.5, 1]);
  expect(store.health.of(run.id)).toEqual([health(3)]);
  const adapter = { runId: run.id, model, rank: 8, alpha: 16, parameters: 10, path: run.output };
  expect(store.adapters.list()).toMatchObject([{ ...adapter, id: run.adapterId, base: run.base }]);
  const kept = { kind: 'training', config: run.config };
  expect(store.adapters.originOf(run.adapterId ?? 0)).toMatchObject(kept);
});

test('its checkpoints go when the store tells how it ended, and not before', async () => {
  const { id, output, checkpoint } = runWithCheckpoint();
  const told: unknown[] = [];
  const onChange = (run: RunRecord) =>
    told.push([run.state, run.checkpoint !== null, existsSync(checkpoint)]);
  const ended = await executeRun({ store, engine }, id, { onChange });
  expect(ended).toMatchObject({ state: 'finished', checkpoint: null });
  expect(told.pop()).toEqual(['finished', false, false]);
  for (const each of told) expect(each).toEqual([expect.anything(), true, true]);
  await expect.poll(() => existsSync(`${output}.checkpoints`)).toBe(false);
});

test('its checkpoints go at the next start where the process is killed as soon as its end is entered', async () => {
  const { id, output, checkpoint } = runWithCheckpoint();
  vi.spyOn(KeptCheckpoints.prototype, 'end').mockImplementationOnce(() => undefined);
  expect(await executeRun({ store, engine }, id)).toMatchObject({ state: 'finished' });
  expect(existsSync(checkpoint)).toBe(true);
  sweep(store, adapters);
  expect(existsSync(`${output}.checkpoints`)).toBe(false);
  expect(store.runs.get(id)).toMatchObject({ state: 'finished', checkpoint: null });
});

/** A run that has a checkpoint, and one that was being written. */
function runWithCheckpoint(): { id: number; output: string; checkpoint: string } {
  const { id, output } = createRun(store, config(3), { adapters });
  const checkpoint = join(`${output}.checkpoints`, 'step-000002');
  const half = join(`${output}.checkpoints`, '.step-000003.1-abcd.partial');
  for (const folder of [checkpoint, half]) mkdirSync(folder, { recursive: true });
  store.runs.update(id, { checkpoint: { path: checkpoint, step: 2, at: 0 } });
  return { id, output, checkpoint };
}

test('what an engine that died left half written beside it goes when the run goes on', async () => {
  const run = createRun(store, config(2), { adapters });
  const half = join(adapters, halfWritten(basename(run.output)));
  mkdirSync(half, { recursive: true });
  await executeRun({ store, engine }, run.id);
  expect(existsSync(half)).toBe(false);
});

test('a run that is stopped keeps what it has', async () => {
  const stop = new AbortController();
  const run = await recordRun(
    { store, engine },
    config(100_000),
    { output: join(root, 'own') },
    {
      signal: stop.signal,
      onEvent: (event) => {
        if (event.kind === 'step' && event.point.step === 2) stop.abort();
      },
    },
  );
  expect(run).toMatchObject({ state: 'stopped', problem: null, output: join(root, 'own') });
  expect(run.adapterId).not.toBeNull();
  expect(store.metrics.of(run.id).steps).toHaveLength(run.step);
});

test('a run whose engine ends is interrupted, with the reason', async () => {
  const running = recordRun(
    { store, engine },
    config(100_000),
    { adapters },
    {
      onEvent: (event) => {
        if (event.kind === 'step' && event.point.step === 2) void engine.close();
      },
    },
  );
  const run = await running;
  expect(run).toMatchObject({ state: 'interrupted', problem: { code: 'engine/stopped' } });
  expect(run.adapterId).toBeNull();
  expect(store.metrics.of(run.id).steps.length).toBeGreaterThanOrEqual(2);
});

test('a run whose points cannot be kept is stopped and says so, and its adapter is kept', async () => {
  // Another connection to the same file makes the third step fail as a full disk would.
  new BetterSqlite3(storePath)
    .exec(
      `create trigger full before insert on steps when new.step = 3
       begin select raise(abort, 'database or disk is full'); end`,
    )
    .close();
  const run = await recordRun({ store, engine }, config(100_000), { adapters });
  expect(run.state).toBe('failed');
  expect(run.problem?.what).toContain('disk is full');
  expect(run.adapterId).not.toBeNull();
  expect(
    store.metrics
      .of(run.id)
      .steps.slice(0, 2)
      .map(({ step }) => step),
  ).toEqual([1, 2]);
});

test('on a disk that is full it ends when there is room to write how', async (context) => {
  const disk = join(root, 'disk');
  const unmount = smallDisk(disk, '2m');
  if (unmount === null) {
    context.skip('only root on Linux mounts a small disk');
    return;
  }
  const onDisk = openStore(join(disk, 'lorikeet.db'));
  const filler = join(disk, 'filler');
  const states: string[] = [];
  let full = false;
  const told: unknown[] = [];
  try {
    const run = await recordRun(
      { store: onDisk, engine },
      config(100_000),
      { adapters },
      {
        onEvent: (event) => {
          if (event.kind !== 'step' || full) return;
          fillUp(filler);
          full = true;
        },
        onChange: ({ state }) => states.push(state),
        waiting: {
          until: new AbortController().signal,
          onWait: (thrown) => {
            told.push(thrown);
            expect(states).not.toContain('failed');
            rmSync(filler);
          },
        },
      },
    );
    expect(told.map(codeOf)).toEqual(['SQLITE_FULL']);
    expect(run).toMatchObject({ state: 'failed', problem: { code: 'store/failed' } });
    expect(run.adapterId).not.toBeNull();
    expect(onDisk.adapters.list()).toHaveLength(1);
  } finally {
    onDisk.close();
    unmount();
  }
});

test('variants are runs of their own: one that fails does not stop the others', async () => {
  const configs = [config(3, 'a'), { ...config(4, 'b'), learningRate: 2 }, config(2, 'c')];
  const ids = configs.map((each) => createRun(store, each, { adapters }).id);
  const states = new Map<number, string[]>();
  const runs = await executeVariants({ store, engine }, ids, {
    onChange: ({ id, state }) => states.set(id, [...(states.get(id) ?? []), state]),
  });
  expect(runs).toMatchObject([
    { id: 1, state: 'finished', step: 3, totalSteps: 3, lastValidationLoss: 2.5, problem: null },
    { id: 2, state: 'failed', adapterId: null, problem: { code: 'train/loss-not-finite' } },
    { id: 3, state: 'finished', step: 2, totalSteps: 2, output: join(adapters, '3-c') },
  ]);
  expect(store.metrics.of(1).steps.map(({ loss }) => loss)).toEqual([3, 1.5, 1]);
  expect(store.metrics.of(3).steps).toHaveLength(2);
  expect(store.adapters.list().map(({ runId }) => runId)).toEqual([3, 1]);
  for (const id of ids) expect(new Set(states.get(id))).toContain('running');
  expect(runs[0]?.peakMemoryBytes).toBeGreaterThan(10e6);
});

test('a variant that failed while another was written does not go on, whatever checkpoint there was', async () => {
  const configs = [config(3, 'a'), { ...config(4, 'b'), learningRate: 2 }];
  const ids = configs.map((each) => createRun(store, each, { adapters }).id);
  const checkpoint = { path: join(adapters, 'checkpoints', 'step-000001'), step: 1, at: 0 };
  for (const id of ids) store.runs.update(id, { checkpoint });
  expect(await executeVariants({ store, engine }, ids)).toMatchObject([
    { state: 'finished', checkpoint: null },
    { state: 'failed', checkpoint: null, heldBy: null, problem: { code: 'train/loss-not-finite' } },
  ]);
});

test('the peak of memory is that of all sessions of a run', async () => {
  const { id } = createRun(store, config(3), { adapters });
  store.runs.update(id, { peakMemoryBytes: 1e15 });
  expect(await executeRun({ store, engine }, id)).toMatchObject({ peakMemoryBytes: 1e15 });
});

test('names: a library name becomes a path, a run without a name gets one', () => {
  store.models.put({ name: 'tiny', path: model, description, addedAt: 0 });
  const run = createRun(store, { ...config(1, ' '), model: 'tiny' }, { adapters });
  expect(run.config.model).toBe(model);
  expect(run.name).toBe('tiny on small');
  expect(run.output).toBe(join(adapters, `${run.id}-tiny-on-small`));
  const unknown = { ...config(1), model: 'no-such-model' };
  expect(() => createRun(store, unknown, { adapters })).toThrow('There is no model no-such-model.');
  expect(store.runs.list()).toHaveLength(1);
});

test('a run that is paused goes on from its checkpoint, and no point that was told is missing', async () => {
  const pause = new AbortController();
  const paused = await recordRun(
    { store, engine },
    config(60),
    { adapters },
    {
      signal: pause.signal,
      onEvent: (event) => {
        if (event.kind === 'step' && event.point.step === 5)
          pause.abort(askedTo('pause', 'the run'));
      },
    },
  );
  expect(paused).toMatchObject({
    state: 'paused',
    heldBy: 'person',
    problem: null,
    adapterId: null,
  });
  const { step = 0 } = paused.checkpoint ?? {};
  expect(step).toBeGreaterThanOrEqual(5);
  expect(paused.checkpoint?.path).toBe(`${paused.output}.checkpoints/step-${step}`);
  const done = await executeRun({ store, engine }, paused.id);
  expect(done).toMatchObject({ state: 'finished', checkpoint: null, heldBy: null, step: 60 });
  expect(done.startedAt).toBe(paused.startedAt);
  // It was told again.
  expect(done.notices).toEqual(['Two texts were cut.']);
  const steps = store.metrics.of(done.id).steps.map((point) => point.step);
  expect(steps).toEqual(Array.from({ length: 60 }, (_, i) => i + 1));
});
