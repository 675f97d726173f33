/** A Ctrl-C that a launcher tells of is one more only where this process did not get it by itself. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, it } from 'vitest';

const launcher = new URL('../../../scripts/lib/launcher.ts', import.meta.url).href;
const program = `
  import { followLauncher } from '${launcher}';
  followLauncher();
  let count = 0;
  process.on('SIGINT', () => { count += 1; process.send({ count }); });
  process.on('message', (message) => { if (message === 'count') process.send({ total: count }); });
  setInterval(() => {}, 1000);
  process.send('ready');`;

async function started() {
  const child = spawn(process.execPath, ['--input-type=module', '--eval', program], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  await once(child, 'message');
  return child;
}

/** How many it has seen once it had the time to tell them apart. */
async function total(child: Awaited<ReturnType<typeof started>>): Promise<unknown> {
  await delay(600);
  const answer = new Promise<unknown>((resolve) => child.once('message', resolve));
  child.send('count');
  const message = await answer;
  child.kill('SIGKILL');
  return message;
}

it('counts one that came to both once, however late the launcher tells of it', async () => {
  const child = await started();
  const seen = once(child, 'message');
  child.kill('SIGINT');
  await seen;
  await delay(500);
  child.send('SIGINT');
  expect(await total(child)).toEqual({ total: 1 });
});

it('takes over each that came to the launcher alone', async () => {
  const child = await started();
  const both = new Promise<void>((resolve) => {
    child.on('message', (message) => {
      if (JSON.stringify(message) === '{"count":2}') resolve();
    });
  });
  child.send('SIGINT');
  child.send('SIGINT');
  await both;
  expect(await total(child)).toEqual({ total: 2 });
});
