/** Training, merging and answering on the command line open no socket to another machine: every process of theirs is watched. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { fixturePath } from '../main/engine/parity/fixtures.ts';
import { watchSockets } from '../support/sockets.ts';
import { startCli } from './run-cli.ts';

const model = fixturePath('models/tiny-tied');
let folder = '';
const at = (name: string) => join(folder, name);

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'lorikeet-offline-'));
  const line = (n: number) => JSON.stringify({ prompt: `light ${n}`, completion: `${n}` });
  writeFileSync(at('data.jsonl'), Array.from({ length: 12 }, (_, n) => line(n)).join('\n'));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** Runs a script in a process below one of its own, and watches until it says that its socket is there. */
async function watchScript(script: string) {
  const outer = `require('node:child_process').spawn(process.execPath, ['-e', process.argv[1]], { stdio: 'inherit' })`;
  const child = spawn(process.execPath, ['-e', outer, script], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const end = watchSockets(child.pid ?? NaN, 10);
  try {
    await once(child.stdout, 'data');
    return end();
  } finally {
    child.stdin.end();
    await once(child, 'exit');
  }
}

const untilEnd = 'process.stdin.on("end", () => process.exit()).resume()';
const anyone = networkInterfaces();
const address = Object.values(anyone)
  .flatMap((each) => each ?? [])
  .find(({ internal, family }) => !internal && family === 'IPv4')?.address;

test.each([
  ['tcp', `require('node:net').createServer().listen(0, '0.0.0.0', () => console.log('up'))`],
  ['tcp6', `require('node:net').createServer().listen(0, '::', () => console.log('up'))`],
  ['udp', `require('node:dgram').createSocket('udp4').bind(0, () => console.log('up'))`],
])(
  'the watch sees a %s socket that others can reach, in a process of a process',
  async (protocol, open) => {
    const { outside } = await watchScript(`${open}; ${untilEnd}`);
    expect(outside).toMatchObject([
      { protocol, process: expect.stringContaining(open) as unknown },
    ]);
  },
);

test.skipIf(address === undefined)('it sees one that is connected elsewhere', async () => {
  const connect = `const s = require('node:dgram').createSocket('udp4');
    s.connect(9, '${address}', () => console.log('up')); ${untilEnd}`;
  const { outside } = await watchScript(connect);
  expect(outside).toMatchObject([{ protocol: 'udp' }]);
});

test.skipIf(address === undefined)(
  'and one that was connected to this machine before',
  async () => {
    const connect = `const s = require('node:dgram').createSocket('udp4');
    s.connect(9, '127.0.0.1', () => setTimeout(() => {
      s.disconnect(); s.connect(9, '${address}', () => console.log('up'));
    }, 100)); ${untilEnd}`;
    const { outside, looks } = await watchScript(connect);
    expect(looks).toBeGreaterThan(2);
    expect(outside).toMatchObject([{ protocol: 'udp' }]);
  },
);

test('and nothing in one that only this machine can reach', async () => {
  const open = `require('node:net').createServer().listen(0, '127.0.0.1', () =>
    require('node:net').createServer().listen(0, '::1', () => console.log('up')))`;
  const { outside, processes } = await watchScript(`${open}; ${untilEnd}`);
  expect(outside).toEqual([]);
  expect(processes).toHaveLength(2);
});

test('train, merge and generate', async () => {
  const on = ['--model', model];
  const adapter = ['--adapter', at('adapter')];
  const size = ['--max-steps', '3', '--sequence-length', '64', '--batch-size', '2'];
  for (const args of [
    ['train', ...on, '--data', at('data.jsonl'), '--output', at('adapter'), ...size],
    ['merge', ...on, ...adapter, '--output', at('merged')],
    ['generate', ...on, ...adapter, '--prompt', 'light 3', '--max-new-tokens', '4'],
  ]) {
    const running = startCli(at('home'), args);
    const end = watchSockets(running.process.pid ?? NaN);
    const { code, stderr } = await running.finished;
    const { outside, looks } = end();
    expect(code, stderr).toBe(0);
    expect(outside, args[0]).toEqual([]);
    expect(looks).toBeGreaterThan(5);
  }
});
