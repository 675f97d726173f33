/** The studio's queue: its order, pausing and going on, times to begin at, and what a start takes up. Real store, real worker thread, small handlers. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { afterAll, afterEach, beforeEach, expect, test, vi } from 'vitest';
import { EngineClient } from '../../src/main/engine-client.ts';
import { RunQueue } from '../../src/main/run-queue.ts';
import { createRun, executeRun } from '../../src/main/runs.ts';
import { openStore, type Store } from '../../src/main/store/database.ts';
import { workerTransport } from '../../src/main/worker-transport.ts';
import type { RunRecord } from '../../src/shared/contract/records.ts';
import { fillUp, smallDisk } from '../support/small-disk.ts';
import { smallConfig } from './small-config.ts';

const root = mkdtempSync(join(tmpdir(), 'lorikeet-queue-'));
const model = join(root, 'small.gguf');
writeFileSync(model, 'not read here');
const transport = workerTransport(new URL('./engine/small-worker.ts', import.meta.url));
let engine: EngineClient;
const adapters = join(root, 'adapters');
let count = 0;
let storePath: string;
let store: Store;
beforeEach(() => {
  storePath = join(root, `${(count += 1)}.db`);
  store = openStore(storePath);
  engine = new EngineClient(transport);
});
// A test that failed half-way leaves its run in the engine.
afterEach(() => engine.close());
afterAll(() => {
  rmSync(root, { recursive: true });
});

const config = (steps: number, name = 'small') => ({ ...smallConfig(steps), model, name });
/** More steps than a test waits for. */
const endless = 100_000;

/** A queue, and a promise of the time when nothing is left in it. */
function queueOf() {
  const changes: RunRecord[] = [];
  let idleNow = () => {};
  const idle = new Promise<void>((resolve) => {
    idleNow = resolve;
  });
  const queue = new RunQueue({ store, engine }, adapters, {
    onChange: (run) => changes.push(run),
    onIdle: () => {
      idleNow();
    },
    onUnkept: (thrown) => {
      throw thrown;
    },
    onFault: (_where, thrown) => {
      if (!String(thrown).includes('ended with its process')) throw thrown;
    },
  });
  /** The runs that began, in that order. */
  const begun = () => [
    ...new Set(changes.filter(({ state }) => state === 'preparing').map(({ name }) => name)),
  ];
  return { queue, changes, idle, begun };
}

const run = (id: number) => store.runs.get(id);

async function isAt(id: number, state: RunRecord['state'], step = 0): Promise<void> {
  await vi.waitFor(
    () => {
      expect(run(id).state).toBe(state);
      expect(run(id).step).toBeGreaterThanOrEqual(step);
    },
    { timeout: 20_000, interval: 5 },
  );
}

/** Has a run that waits and was begun as an endless one come to its end this many steps behind its checkpoint; the step of its end. */
function endsIn(steps: number, id: number): number {
  const { config: settings, checkpoint } = run(id);
  const end = (checkpoint?.step ?? NaN) + steps;
  store.runs.update(id, { config: { ...settings, duration: { kind: 'steps', steps: end } } });
  return end;
}

/** As if the process that has written the store so far were gone. */
function orphanAll(): void {
  const database = new BetterSqlite3(storePath);
  database.exec("update runs set owner_pid = 999999999, owner_started = 'gone'");
  database.close();
}

test('the queue trains one after the other, in order, and stops what it is told to', async () => {
  const { queue, changes, idle } = queueOf();
  const [first, second, third] = [config(3, 'a'), config(3, 'b'), config(3, 'c')].map((wanted) =>
    queue.add(wanted),
  );
  expect(queue.current?.id).toBe(first?.id);
  expect(run(second?.id ?? 0).state).toBe('queued');
  expect(() => {
    queue.remove(second?.id ?? 0);
  }).toThrow('is queued and cannot be removed');
  queue.stop(second?.id ?? 0);
  await idle;
  expect(store.runs.list().map(({ state }) => state)).toEqual(['finished', 'stopped', 'finished']);
  const over = changes.filter(({ state }) => state === 'finished').map(({ id }) => id);
  expect(over).toEqual([first?.id, third?.id]);
  expect(queue.current).toBeNull();
  queue.remove(second?.id ?? 0);
  expect(store.runs.list()).toHaveLength(2);
});

test('a run that another process trains cannot be stopped, paused, moved, taken up or removed from here', () => {
  const { queue } = queueOf();
  const { id } = createRun(store, config(3), { adapters });
  store.runs.update(id, { state: 'running' });
  for (const refused of [
    () => queue.stop(id),
    () => queue.pause(id),
    () => queue.goOn(id, 'front'),
  ])
    expect(refused).toThrow('is trained by another process');
  expect(() => {
    queue.move(id, null);
  }).toThrow('has no place in the queue any more');
  expect(() => {
    queue.remove(id);
  }).toThrow('is running and cannot be removed');
});

test('a run whose engine ends does not hold up the next', async () => {
  const { queue, idle } = queueOf();
  const { id } = queue.add(config(endless));
  queue.add(config(2));
  await expect.poll(() => store.runs.get(id).step).toBeGreaterThan(0);
  await engine.close();
  await idle;
  expect(store.runs.list().map(({ state }) => state)).toEqual(['interrupted', 'finished']);
});

test('the studio closes although how its run ended finds no room on the disk', async (context) => {
  const disk = join(root, 'disk');
  const unmount = smallDisk(disk, '2m');
  if (unmount === null) {
    context.skip('only root on Linux mounts a small disk');
    return;
  }
  store = openStore(join(disk, 'lorikeet.db'));
  try {
    let isFull = () => {};
    const full = new Promise<void>((resolve) => {
      isFull = resolve;
    });
    const queue = new RunQueue({ store, engine }, adapters, {
      ...{ onChange: () => {}, onIdle: () => {}, onUnkept: () => isFull(), onFault: () => {} },
    });
    const { id } = queue.add(config(endless));
    await expect.poll(() => store.runs.get(id).step).toBeGreaterThan(0);
    fillUp(join(disk, 'filler'));
    await full;
    await queue.close();
    // The next start tells of it.
    expect(store.runs.get(id).state).toBe('running');
  } finally {
    store.close();
    unmount();
  }
});

test('runs are moved before one another, to the front and to the end', async () => {
  const { queue, idle, begun } = queueOf();
  const training = queue.add(config(endless, 'now'));
  const [a = 0, b = 0, c = 0, d = 0] = ['a', 'b', 'c', 'd'].map(
    (name) => queue.add(config(1, name)).id,
  );
  const order = () => queue.waiting.map(({ name }) => name).join('');
  queue.move(d, a);
  expect(order()).toBe('dabc');
  queue.move(a, c);
  expect(order()).toBe('dbac');
  queue.move(d, null);
  expect(order()).toBe('bacd');
  queue.move(c, b);
  expect(order()).toBe('cbad');
  queue.stop(training.id);
  await idle;
  expect(begun()).toEqual(['now', 'c', 'b', 'a', 'd']);
  expect(run(b).queueOrder).toBeNull();
});

test('a run that is paused lets the next one train, and goes on from its checkpoint before those that wait', async () => {
  const { queue, idle, begun } = queueOf();
  const { id } = queue.add(config(endless, 'long'));
  await isAt(id, 'running', 5);
  const second = queue.add(config(endless, 'second'));
  const third = queue.add(config(1, 'third'));
  queue.pause(id);
  await isAt(id, 'paused');
  expect(run(id)).toMatchObject({ heldBy: 'person', problem: null, queueOrder: null });
  const { step = 0 } = run(id).checkpoint ?? {};
  expect(step).toBeGreaterThanOrEqual(5);
  const end = endsIn(3, id);
  await isAt(second.id, 'running', 1);
  queue.goOn(id, 'front');
  expect(run(id)).toMatchObject({ state: 'queued', heldBy: null });
  expect(queue.waiting.map((each) => each.id)).toEqual([id, third.id]);
  queue.stop(second.id);
  await idle;
  expect(run(id)).toMatchObject({ state: 'finished', step: end });
  expect(begun()).toEqual(['long', 'second', 'third']);
  expect(() => {
    queue.goOn(id, 'front');
  }).toThrow('is finished: only one that is paused or interrupted can go on');
});

test('a run that waits can be paused, and one that has begun nothing begins from the beginning', async () => {
  const { queue, idle } = queueOf();
  const training = queue.add(config(endless));
  const { id } = queue.add(config(2, 'waits'));
  queue.pause(id);
  expect(run(id)).toMatchObject({ state: 'paused', heldBy: 'person', checkpoint: null });
  queue.goOn(id, 'back');
  queue.stop(training.id);
  await idle;
  expect(run(id)).toMatchObject({ state: 'finished', step: 2 });
});

test('a paused run that is stopped writes the adapter of its checkpoint, at the front', async () => {
  const { queue, begun } = queueOf();
  const { id } = queue.add(config(endless, 'long'));
  await isAt(id, 'running', 5);
  queue.pause(id);
  await isAt(id, 'paused');
  const training = queue.add(config(endless, 'now'));
  const last = queue.add(config(1, 'last'));
  queue.stop(id);
  expect(queue.waiting.map(({ name }) => name)).toEqual(['long', 'last']);
  queue.stop(training.id);
  await isAt(last.id, 'finished');
  expect(run(id)).toMatchObject({ state: 'stopped', checkpoint: null, problem: null });
  expect(run(id).adapterId).not.toBeNull();
  expect(begun()).toEqual(['long', 'now', 'last']);
});

test.each(['paused', 'taken up'] as const)(
  'a run that was to be stopped and is %s instead is not stopped later',
  async (instead) => {
    const { queue } = queueOf();
    const { id } = queue.add(config(endless, 'kept'));
    await isAt(id, 'running', 3);
    queue.pause(id);
    await isAt(id, 'paused');
    const end = endsIn(40, id);
    const other = queue.add(config(endless));
    await isAt(other.id, 'running', 1);
    queue.stop(id);
    expect(run(id).state).toBe('queued');
    if (instead === 'paused') queue.pause(id);
    queue.goOn(id, 'front');
    queue.stop(other.id);
    await isAt(id, 'finished');
    expect(run(id).step).toBe(end);
  },
);

test('a run that is stopped while it pauses writes its adapter', async () => {
  const { queue, idle } = queueOf();
  const { id } = queue.add(config(endless, 'long'));
  await isAt(id, 'running', 5);
  queue.pause(id);
  queue.stop(id);
  await idle;
  expect(run(id)).toMatchObject({ state: 'stopped', checkpoint: null, heldBy: null });
  expect(run(id).adapterId).not.toBeNull();
});

test.each(['queued', 'preparing'] as const)(
  'a run that was to be stopped, and is %s when the process ends, is stopped by the next start',
  async (state) => {
    const first = queueOf();
    const { id } = first.queue.add(config(endless, 'kept'));
    await isAt(id, 'running', 3);
    first.queue.pause(id);
    await isAt(id, 'paused');
    const other = first.queue.add(config(endless));
    await isAt(other.id, 'running', 1);
    first.queue.stop(id);
    const { step } = run(id);
    await first.queue.close();
    expect(run(id)).toMatchObject({ state: 'queued', heldBy: 'stop' });
    store.runs.update(id, { state });
    orphanAll();
    const { queue } = queueOf();
    queue.resume();
    if (run(other.id).state !== 'queued') queue.stop(other.id);
    await isAt(id, 'stopped');
    expect(run(id)).toMatchObject({ checkpoint: null, heldBy: null });
    // From its checkpoint on, with what is done while the request to stop is under way: steps of 2 ms.
    expect(run(id).step).toBeGreaterThanOrEqual(step);
    expect(run(id).step).toBeLessThan(step + 1000);
    expect(run(id).adapterId).not.toBeNull();
    await queue.close();
  },
);

test('a group of which one is over goes on without it, and keeps no studio from opening', async () => {
  const { queue } = queueOf();
  const [one, other] = queue.addSeries([[config(endless, 'one'), config(endless, 'other')]], false);
  const [over = 0, left = 0] = [one?.id, other?.id];
  await isAt(left, 'running', 3);
  queue.pause(left);
  await isAt(left, 'paused');
  store.runs.update(over, { state: 'stopped', checkpoint: null });
  store.runs.update(left, { heldBy: 'quit' });
  const next = queueOf();
  next.queue.resume();
  await isAt(left, 'running');
  expect(run(over).state).toBe('stopped');
  next.queue.stop(left);
  await next.idle;
});

test('a run is not begun before its time, and those behind it do not wait for it', async () => {
  const { queue, idle } = queueOf();
  const later = queue.add(config(1, 'later'), Date.now() + 3_600_000);
  const now = queue.add(config(1, 'now'));
  await isAt(now.id, 'finished');
  expect(run(later.id).state).toBe('queued');
  const at = Date.now() + 100;
  queue.schedule(later.id, at);
  await idle;
  expect(run(later.id).startedAt).toBeGreaterThanOrEqual(at);
});

test('a clock that is set forward is noticed, and a time can be given and taken away again', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] });
  try {
    const { queue } = queueOf();
    const hour = 3_600_000;
    const { id } = queue.add(config(1), Date.now() + 10 * hour);
    vi.setSystemTime(Date.now() + 11 * hour);
    expect(run(id).state).toBe('queued');
    vi.advanceTimersByTime(30_000);
    expect(queue.current?.id).toBe(id);
    const other = queue.add(config(1), Date.now() + hour);
    queue.schedule(other.id, null);
    expect(run(other.id).notBefore).toBeNull();
    vi.useRealTimers();
    await isAt(other.id, 'finished');
  } finally {
    vi.useRealTimers();
  }
});

test('quitting pauses the run until the next start, which takes it up before those that wait, in their order', async () => {
  const { queue } = queueOf();
  const training = queue.add(config(endless, 'long'));
  const [a = 0, b = 0] = ['a', 'b'].map((name) => queue.add(config(1, name)).id);
  queue.move(b, a);
  await isAt(training.id, 'running', 3);
  await queue.close();
  expect(run(training.id)).toMatchObject({ state: 'paused', heldBy: 'quit', adapterId: null });
  expect(run(training.id).checkpoint?.step).toBeGreaterThanOrEqual(3);
  expect(run(a).state).toBe('queued');
  const end = endsIn(3, training.id);
  orphanAll();
  const next = queueOf();
  next.queue.resume();
  await next.idle;
  expect(next.begun()).toEqual(['long', 'b', 'a']);
  expect(run(training.id)).toMatchObject({ state: 'finished', step: end, heldBy: null });
});

test('a run that the person paused stays paused over a start', async () => {
  const { queue } = queueOf();
  const { id } = queue.add(config(endless));
  await isAt(id, 'running', 1);
  queue.pause(id);
  await queue.close();
  expect(run(id)).toMatchObject({ state: 'paused', heldBy: 'person' });
  orphanAll();
  const next = queueOf();
  next.queue.resume();
  await next.idle;
  expect(run(id)).toMatchObject({ state: 'paused', heldBy: 'person' });
});

test('a process that dies while it quits leaves a run that goes on at the next start all the same', async () => {
  const { queue } = queueOf();
  const { id } = queue.add(config(endless));
  await isAt(id, 'running', 3);
  queue.hold();
  // What the store says at this moment is what a killed process leaves behind.
  expect(run(id)).toMatchObject({ state: 'running', heldBy: 'quit' });
  await queue.close();
  store.runs.update(id, { state: 'running', config: config(4), heldBy: 'quit' });
  orphanAll();
  const next = queueOf();
  next.queue.resume();
  expect(next.queue.current?.id).toBe(id);
  await next.idle;
  expect(run(id)).toMatchObject({ state: 'finished', heldBy: null });
});

test('interrupted runs wait for the person, unless it is set that they go on by themselves', async () => {
  const interrupted = () => {
    const { id } = createRun(store, config(2), { adapters });
    store.runs.update(id, { state: 'running' });
    return id;
  };
  const id = interrupted();
  orphanAll();
  const first = queueOf();
  first.queue.resume();
  await first.idle;
  expect(run(id)).toMatchObject({ state: 'interrupted', problem: { code: 'studio/interrupted' } });
  store.settings.change({ continueInterrupted: true });
  const second = queueOf();
  second.queue.resume();
  await second.idle;
  expect(run(id).state).toBe('finished');
});

test('a run whose engine dies goes on by itself where that is set, as long as it comes further', async () => {
  store.settings.change({ continueInterrupted: true });
  const { queue, changes } = queueOf();
  const { id } = queue.add(config(endless));
  await isAt(id, 'running', 3);
  queue.pause(id);
  await isAt(id, 'paused');
  queue.goOn(id, 'front');
  await isAt(id, 'running', (run(id).checkpoint?.step ?? 0) + 1);
  // No checkpoint since it went on.
  await engine.close();
  await isAt(id, 'interrupted');
  queue.goOn(id, 'front');
  const { step = 0, path = '' } = run(id).checkpoint ?? {};
  await isAt(id, 'running', step + 2);
  store.runs.update(id, {
    checkpoint: { path: path.replace(/\d+$/, String(step + 1)), step: step + 1, at: 0 },
  });
  const before = changes.length;
  await engine.close();
  await expect.poll(() => changes.slice(before).map(({ state }) => state)).toContain('preparing');
  queue.stop(id);
  await isAt(id, 'stopped');
});

test('a run that failed begins anew as a new one with its settings, and one that was interrupted goes on', async () => {
  const { queue, idle } = queueOf();
  const failed = createRun(store, config(2, 'failed'), { adapters });
  const interrupted = createRun(store, config(2, 'interrupted'), { adapters });
  store.runs.update(failed.id, {
    state: 'failed',
    config: { ...failed.config, date: '2020-01-01' },
  });
  store.runs.update(interrupted.id, { state: 'interrupted' });
  const again = queue.retry(failed.id);
  expect(queue.retry(interrupted.id).id).toBe(interrupted.id);
  await idle;
  expect(again.id).not.toBe(failed.id);
  expect(run(again.id)).toMatchObject({ name: 'failed', state: 'finished', step: 2 });
  expect(run(again.id).config.date).not.toBe('2020-01-01');
  expect(run(again.id).output).not.toBe(failed.output);
  expect(run(failed.id).state).toBe('failed');
  expect(run(interrupted.id).state).toBe('finished');
});

test('runs that are trained at once are paused, moved and taken up as one', async () => {
  const { queue, begun } = queueOf();
  const ids = ['one', 'two'].map(
    (name) => createRun(store, config(endless, name), { adapters }).id,
  );
  const [first = 0, second = 0] = ids;
  for (const id of ids) store.runs.update(id, { groupId: first, state: 'interrupted' });
  const training = queue.add(config(endless, 'now'));
  const last = queue.add(config(1, 'last'));
  queue.goOn(second, 'back');
  queue.move(first, last.id);
  expect(queue.waiting.map(({ name }) => name)).toEqual(['one', 'two', 'last']);
  queue.stop(training.id);
  await isAt(second, 'running', 3);
  queue.pause(first);
  for (const id of ids) await isAt(id, 'paused');
  const ends = ids.map((id) => endsIn(3, id));
  queue.goOn(second, 'back');
  await isAt(second, 'finished');
  await isAt(last.id, 'finished');
  expect(begun()).toEqual(['now', 'one', 'two', 'last']);
  expect(ids.map(run)).toMatchObject(ends.map((step) => ({ state: 'finished', step })));
});

test('two processes cannot both take up a run', async () => {
  const { queue } = queueOf();
  const { id } = createRun(store, config(2), { adapters });
  store.runs.update(id, { state: 'paused' });
  const other = openStore(storePath);
  expect(other.runs.claim([id])).toBe(true);
  expect(() => {
    queue.goOn(id, 'front');
  }).toThrow('is trained by another process');
  other.close();
  await executeRun({ store, engine }, id);
});
