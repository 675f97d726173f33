/** Crashes of real threads and processes leave their line in the log, with the stack, and the person is told where it lies. */
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, expect, test } from 'vitest';
import { crashTrail, trailedTransport } from '../../src/main/crash-trail.ts';
import { EngineClient } from '../../src/main/engine-client.ts';
import { openLog } from '../../src/main/log.ts';
import { workerTransport } from '../../src/main/worker-transport.ts';
import type { EngineRequest } from '../../src/shared/contract/engine.ts';
import type { Problem } from '../../src/shared/errors/problem.ts';

const root = mkdtempSync(join(tmpdir(), 'lorikeet-trail-'));
afterAll(() => {
  rmSync(root, { recursive: true });
});

const worker = new URL('./engine/small-worker.ts', import.meta.url);
const inspect = (path: string): EngineRequest<'data.inspect'> => ({
  ...{
    path,
    columns: [],
    model: null,
    held: { validation: { kind: 'none' }, seed: 0 },
    sequenceLength: 8,
  },
  ...{ task: 'causal-lm', problem: 'auto', thinking: 'auto' },
});

/** An engine whose crashes go to a log of its own, and what was told of them. */
function trailed(name: string) {
  const log = openLog(join(root, `${name}.log`));
  const told: Problem[] = [];
  const trail = crashTrail(log, (problem) => told.push(problem));
  const engine = new EngineClient(trailedTransport(workerTransport(worker), trail, 'the engine'));
  return { engine, told, path: log.path, text: () => readFileSync(log.path, 'utf8') };
}

test('an engine that throws outside of a call', async () => {
  const { engine, told, path, text } = trailed('throws');
  await expect(engine.call('data.inspect', inspect('crash'))).rejects.toThrow();
  expect(text()).toMatch(
    / crash in the engine: this worker cannot do that\nError: .*\n +at .*refuse/,
  );
  expect(told).toMatchObject([{ code: 'studio/crash', where: path }]);
});

test('an engine that exits by itself', async () => {
  const { engine, told, text } = trailed('exits');
  await expect(engine.call('data.inspect', inspect('exit'))).rejects.toThrow();
  expect(text()).toContain('its thread stopped with exit code 7');
  expect(told).toHaveLength(1);
});

test('a fault inside a call, and none of ours', async () => {
  const { engine, told, text } = trailed('fault');
  await expect(engine.call('device.inspect', null)).rejects.toThrow('this worker cannot do that');
  expect(text()).toMatch(/this worker cannot do that.*\nError: .*\n +at .*refuse/);
  await expect(engine.call('model.inspect', { path: '/none' })).rejects.toThrow(
    'There is no model',
  );
  expect(told).toHaveLength(1);
  await engine.close();
});

test('an engine that is closed leaves nothing', async () => {
  const { engine, told } = trailed('closed');
  await engine.call('generate', {
    ...{ model: 'm', adapters: [], precision: 'auto', prompts: [{ kind: 'text', text: 'a' }] },
    options: { maxNewTokens: 1, temperature: 0, seed: 0 },
  });
  await engine.close();
  expect(told).toEqual([]);
});

test.each([
  ['an error that nobody caught', 'setTimeout(() => { throw new TypeError("on purpose"); })'],
  ['a promise that nobody waited for', 'void Promise.reject(new TypeError("on purpose"))'],
])('%s in a process', async (_, fault) => {
  const path = join(root, 'process.log');
  const file = (name: string) => new URL(`../../src/main/${name}`, import.meta.url).href;
  const program = `
    import { crashTrail, watchProcess } from ${JSON.stringify(file('crash-trail.ts'))};
    import { openLog } from ${JSON.stringify(file('log.ts'))};
    const trail = crashTrail(openLog(${JSON.stringify(path)}), ({ where }) => console.log(where));
    watchProcess(trail, 'a test');
    ${fault};`;
  const args = ['--input-type=module', '--eval', program];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  expect(stdout.trim()).toBe(path);
  const text = readFileSync(path, 'utf8');
  expect(text).toMatch(/ crash in a test: on purpose\nTypeError: on purpose\n +at /);
  rmSync(path);
});
