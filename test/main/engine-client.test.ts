/** Calls, events, cancelling and crashes between the client and a real worker thread. */
import { afterEach, expect, test } from 'vitest';
import { EngineClient } from '../../src/main/engine-client.ts';
import { workerTransport } from '../../src/main/worker-transport.ts';
import type { EngineEvent, ModelSource } from '../../src/shared/contract/engine.ts';
import { LorikeetError } from '../../src/shared/errors/lorikeet-error.ts';
import { smallConfig } from './small-config.ts';

const transport = workerTransport(new URL('./engine/small-worker.ts', import.meta.url));
const engine = new EngineClient(transport);
afterEach(() => engine.close());

const source: ModelSource = { model: 'm', adapters: [], precision: 'auto' };
const options = { maxNewTokens: 1, temperature: 0, seed: 0 };
function say(text: string) {
  return engine.call('generate', { ...source, prompts: [{ kind: 'text', text }], options });
}

async function codeOf(call: Promise<unknown>): Promise<string> {
  const thrown = await call.then(
    () => null,
    (error: unknown) => error,
  );
  return thrown instanceof LorikeetError ? thrown.code : String(thrown);
}

test('calls are answered in their order, each with its own answer', async () => {
  const order: string[] = [];
  const answers = await Promise.all(
    ['one', 'two', 'three'].map(async (text) => {
      const [generation] = await say(text);
      order.push(text);
      return generation?.text;
    }),
  );
  expect(answers).toEqual(['one', 'two', 'three']);
  expect(order).toEqual(answers);
  expect(engine.pendingCalls).toBe(0);
});

test('while a call waits for its answer the client says so', async () => {
  const call = say('one');
  expect([engine.isBusyWith('generate'), engine.isBusyWith('merge')]).toEqual([true, false]);
  await call;
  expect(engine.isBusyWith('generate')).toBe(false);
});

test('a call tells its steps in order and the memory it took', async () => {
  const events: EngineEvent[] = [];
  const result = await engine.call(
    'train',
    { config: smallConfig(4), output: '/o' },
    { onEvent: (event) => events.push(event) },
  );
  expect(result).toMatchObject({ result: { adapter: '/o', steps: 4, stopped: false } });
  const steps = events.flatMap((event) => (event.kind === 'step' ? [event.point.step] : []));
  expect(steps).toEqual([1, 2, 3, 4]);
  const memory = events.find((event) => event.kind === 'memory');
  expect(memory?.peakBytes).toBeGreaterThan(10e6);
  expect(memory?.peakBytes).toBeGreaterThanOrEqual(memory?.residentBytes ?? Infinity);
});

test('cancelling stops a call in progress, which keeps what it has', async () => {
  const stop = new AbortController();
  const result = await engine.call(
    'train',
    { config: smallConfig(100_000), output: '/o' },
    {
      signal: stop.signal,
      onEvent: (event) => {
        if (event.kind === 'step' && event.point.step === 3) stop.abort();
      },
    },
  );
  if (result.kind !== 'trained') throw new Error('it has not trained');
  expect(result.result.stopped).toBe(true);
  expect(result.result.steps).toBeGreaterThanOrEqual(3);
  expect(result.result.steps).toBeLessThan(1000);
});

test('a cancelled call that waits never begins', async () => {
  const stop = new AbortController();
  const first = say('first');
  const second = engine.call(
    'train',
    { config: smallConfig(), output: '/o' },
    { signal: stop.signal },
  );
  stop.abort();
  expect(await codeOf(second)).toBe('engine/cancelled');
  expect((await first)[0]?.text).toBe('first');
  const aborted = { signal: AbortSignal.abort() };
  expect(await codeOf(engine.call('device.inspect', null, aborted))).toBe('engine/cancelled');
});

test('errors cross as problems with their code, and the engine goes on', async () => {
  expect(await codeOf(engine.call('model.inspect', { path: 'x' }))).toBe('studio/not-found');
  expect(await codeOf(engine.call('device.inspect', null))).toBe('internal/unexpected');
  expect((await say('still here'))[0]?.text).toBe('still here');
});

for (const path of ['crash', 'exit'])
  test(`after a ${path} every waiting call fails, and the next one finds a new engine`, async () => {
    const inspect = engine.call('data.inspect', {
      held: { validation: { kind: 'none' }, seed: 0 },
      path,
      columns: [],
      model: null,
      sequenceLength: 8,
      ...{ task: 'causal-lm', problem: 'auto', thinking: 'auto' },
    });
    const behind = say('behind');
    const [one, two] = await Promise.allSettled([inspect, behind]);
    expect(one).toMatchObject({ reason: { problem: { code: 'engine/stopped' } } });
    expect(two).toMatchObject({ reason: { problem: { code: 'engine/stopped' } } });
    const reason = path === 'crash' ? 'this worker cannot do that' : 'exit code 7';
    expect(String(one.status === 'rejected' ? one.reason : '')).toContain(reason);
    expect((await say('again'))[0]?.text).toBe('again');
  });

test('closing fails what waits and lets a later call start anew', async () => {
  const endless = engine.call('train', { config: smallConfig(100_000), output: '/o' });
  const failed = codeOf(endless);
  const closing = engine.close();
  const meanwhile = say('meanwhile');
  await closing;
  expect(await failed).toBe('engine/stopped');
  expect((await meanwhile)[0]?.text).toBe('meanwhile');
  expect((await say('new'))[0]?.text).toBe('new');
});

test('closing with patience lets a call end by itself, but not for ever', async () => {
  const train = engine.call('train', { config: smallConfig(100_000), output: '/o' });
  await engine.close(10_000);
  expect(await train).toMatchObject({ kind: 'trained', result: { stopped: true } });
  const stuck = engine.call('data.inspect', {
    held: { validation: { kind: 'none' }, seed: 0 },
    path: 'stuck',
    columns: [],
    model: null,
    sequenceLength: 8,
    ...{ task: 'causal-lm', problem: 'auto', thinking: 'auto' },
  });
  const failed = codeOf(stuck);
  await engine.close(50);
  expect(await failed).toBe('engine/stopped');
});

test('an engine that may rest ends some time after its last answer, and comes back', async () => {
  let ended = () => {};
  const rested = new Promise<void>((resolve) => {
    ended = resolve;
  });
  const resting = new EngineClient(
    (listener) =>
      transport({
        ...listener,
        onEnd: (reason, stack) => {
          listener.onEnd(reason, stack);
          ended();
        },
      }),
    1,
  );
  const prompt = { kind: 'text', text: 'x' } as const;
  const ask = () => resting.call('generate', { ...source, prompts: [prompt], options });
  await Promise.all([ask(), ask()]);
  await rested;
  expect((await ask())[0]?.text).toBe('x');
  await resting.close();
});

test('an engine whose file is missing says so', async () => {
  const broken = new EngineClient(workerTransport(new URL('./no-such-worker.ts', import.meta.url)));
  const thrown = await broken.call('device.inspect', null).catch((error: unknown) => error);
  expect(String(thrown)).toContain('no-such-worker.ts');
  expect(thrown).toMatchObject({ code: 'engine/stopped' });
});
