/** A process is told from another one that has its number later. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { expect, onTestFinished, test } from 'vitest';
import { isAlive, thisProcess } from '../../../src/main/store/owner.ts';
import { thisBoot } from '../../../src/main/system/process-start.ts';

test('this process is alive; one that has ended, or had this number before, is not', () => {
  const own = thisProcess();
  expect(isAlive(own)).toBe(true);
  expect(isAlive({ ...own, started: `${own.started}0` })).toBe(false);
  const { pid } = spawnSync(process.execPath, ['-e', '']);
  expect(isAlive({ pid, started: own.started })).toBe(false);
});

/** The fields of proc(5)'s stat from the state on. */
const statOf = (pid: number) =>
  readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /s, '')
    .split(' ');

test.runIf(existsSync('/proc/self/stat'))(
  'one that was killed is gone, also while its parent does not look after it',
  async () => {
    // What becomes of the shell never asks for the end of its child.
    const parent = spawn('sh', ['-c', 'sleep 60 & echo $!; exec sleep 60']);
    onTestFinished(() => {
      parent.kill();
    });
    const [text] = (await once(parent.stdout, 'data')) as [Buffer];
    const pid = Number(text);
    // Until then it is a shell, which would ask.
    const name = () => readFileSync(`/proc/${parent.pid}/comm`, 'utf8').trim();
    await expect.poll(name, { timeout: 10_000 }).toBe('sleep');
    process.kill(pid, 'SIGKILL');
    await expect.poll(() => statOf(pid)[0], { timeout: 10_000 }).toBe('Z');
    const started = `${thisBoot()}/${statOf(pid)[19] ?? ''}`;
    expect(isAlive({ pid, started })).toBe(false);
  },
);
