/** One thread serves clients in turn, for as long as each leaves it without work. */
import { afterAll, beforeEach, expect, test, vi } from 'vitest';
import { EngineClient } from '../../src/main/engine-client.ts';
import type { EngineThread } from '../../src/main/engine/thread.ts';
import { keepingThread } from '../../src/main/kept-thread.ts';
import { workerTransport } from '../../src/main/worker-transport.ts';
import { smallConfig } from './small-config.ts';

const small = workerTransport(new URL('./engine/small-worker.ts', import.meta.url));
const threads: EngineThread[] = [];
/** Whether the process waits for the thread that was asked last. */
let held = true;
let stopped = 0;
const transport = keepingThread((listener) => {
  const thread = small(listener);
  threads.push(thread);
  return {
    ...thread,
    hold(asked) {
      held = asked;
      thread.hold(asked);
    },
    stop() {
      stopped += 1;
      return thread.stop();
    },
  };
});
const client = () => new EngineClient(transport);
const answer = (engine: EngineClient) =>
  engine.call('generate', {
    ...{ model: 'm', adapters: [], precision: 'auto' },
    prompts: [{ kind: 'text', text: 'one' }],
    options: { maxNewTokens: 1, temperature: 0, seed: 0 },
  });

beforeEach(async () => {
  await Promise.all(threads.splice(0).map((thread) => thread.stop()));
});
afterAll(async () => {
  await Promise.all(threads.map((thread) => thread.stop()));
});

/** Whoever comes next has a thread of its own. */
async function expectAnother(): Promise<void> {
  const next = client();
  await answer(next);
  expect(threads).toHaveLength(2);
  await next.close();
}

test('who comes after another one has its thread, which meanwhile keeps no process alive', async () => {
  const first = client();
  const [given] = await answer(first);
  await first.close();
  expect(held).toBe(false);
  const second = client();
  expect((await answer(second))[0]?.text).toBe(given?.text);
  expect(held).toBe(true);
  expect(threads).toHaveLength(1);
  await second.close();
});

test('two at a time have a thread each', async () => {
  const both = [client(), client()];
  await Promise.all(both.map(answer));
  expect(threads).toHaveLength(2);
  const before = stopped;
  await Promise.all(both.map((engine) => engine.close()));
  // One of them is kept, and the other is not left behind.
  expect(stopped - before).toBe(1);
  const third = client();
  await answer(third);
  expect(threads).toHaveLength(2);
  await third.close();
});

test('one that is left in the middle of its work ends, and says so to nobody else', async () => {
  const first = client();
  const left = first.call('train', { config: smallConfig(1000), output: '/o' });
  await expect.poll(() => first.pendingCalls).toBe(1);
  await Promise.all([
    first.close(),
    expect(left).rejects.toMatchObject({ code: 'engine/stopped' }),
  ]);
  await expectAnother();
});

test('one that has ended by itself is not asked again', async () => {
  const first = client();
  await answer(first);
  await first.close();
  await threads[0]?.stop();
  await expectAnother();
});

test('one that is kept sees the variables of its process as they are now', async () => {
  const code = `
    import { parentPort } from 'node:worker_threads';
    parentPort.on('message', ({ id, command }) => {
      parentPort.postMessage({ kind: 'result', id, command, response: process.env.LORIKEET_TOLD });
    });`;
  const echo = keepingThread(
    workerTransport(new URL(`data:text/javascript,${encodeURIComponent(code)}`)),
  );
  for (const told of ['one', 'two']) {
    vi.stubEnv('LORIKEET_TOLD', told);
    const engine = new EngineClient(echo);
    expect(await engine.call('device.inspect', null)).toBe(told);
    await engine.close();
  }
  vi.unstubAllEnvs();
});
