/** Signals to the process that a script or a terminal started, which hands over to another that trains. */
import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openStore } from '../../src/main/store/database.ts';
import { fixturePath } from '../main/engine/parity/fixtures.ts';
import { shortRun } from './short-run.ts';

const program = fileURLToPath(new URL('../../bin/lorikeet', import.meta.url));
let folder = '';
const at = (name: string) => join(folder, name);

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'lorikeet-launcher-'));
  writeFileSync(at('data.jsonl'), '{"prompt":"name a colour","completion":"blue"}\n');
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

type Launched = {
  launcher: ChildProcessWithoutNullStreams;
  /** Settles at the third step. */
  underWay: Promise<void>;
  /** The exit status, and all that was written. */
  ended: Promise<{ code: number | null; text: string }>;
};

function argsOf(name: string): string[] {
  const files = ['--model', fixturePath('models/tiny-untied'), '--data', at('data.jsonl')];
  const size = shortRun(50_000);
  return ['train', ...files, '--output', at(name), ...size, '--name', name, '--json'];
}

/** Begins a run that is too long to come to its end here, in a process group of its own. */
function launch(name: string, command: string, args: readonly string[]): Launched {
  const PATH = `${dirname(process.execPath)}${delimiter}${process.env['PATH'] ?? ''}`;
  const launcher = spawn(command, args, {
    env: { ...process.env, PATH, LORIKEET_HOME: at(`${name}-home`) },
    detached: true,
  });
  let text = '';
  let steps = 0;
  for (const stream of [launcher.stdout, launcher.stderr])
    stream.setEncoding('utf8').on('data', (piece: string) => (text += piece));
  const underWay = new Promise<void>((resolve) => {
    createInterface({ input: launcher.stdout }).on('line', (line) => {
      // Not the figures of a step's health, which come beside it.
      if (line.startsWith('{"step"')) steps += 1;
      if (steps === 3) resolve();
    });
  });
  const ended = once(launcher, 'close').then(() => ({ code: launcher.exitCode, text }));
  const early = ended.then(() => Promise.reject(new Error(`it did not get under way: ${text}`)));
  return { launcher, underWay: Promise.race([underWay, early]), ended };
}

const lorikeet = (name: string) => launch(name, program, argsOf(name));
const hasAdapter = (name: string) => existsSync(join(at(name), 'adapter_model.safetensors'));

test('one that is asked to end before it has begun was interrupted', async () => {
  const { launcher, underWay, ended } = lorikeet('early');
  const begun = underWay.catch(() => 'not begun');
  await new Promise((resolve) => setTimeout(resolve, 200));
  launcher.kill('SIGTERM');
  const { code, text } = await ended;
  await begun;
  // By the signal itself where not even the launcher was ready for it.
  expect([130, null], text).toContain(code);
});

test('Ctrl-C that a script sends to the launcher alone stops the run', async () => {
  const { launcher, underWay, ended } = lorikeet('alone');
  await underWay;
  launcher.kill('SIGINT');
  const { code, text } = await ended;
  expect(code, text).toBe(0);
  expect(text).toContain('"stopped":true');
  expect(hasAdapter('alone')).toBe(true);
});

test('Ctrl-C that reaches the whole group counts once', async () => {
  const { launcher, underWay, ended } = lorikeet('group');
  await underWay;
  process.kill(-(launcher.pid ?? NaN), 'SIGINT');
  const { code, text } = await ended;
  expect(code, text).toBe(0);
  expect(text).toContain('"stopped":true');
  expect(hasAdapter('group')).toBe(true);
});

test('so does that of a terminal', async (context) => {
  if (!existsSync('/usr/bin/script')) {
    context.skip('script of util-linux lends a terminal');
    return;
  }
  const words = [program, ...argsOf('terminal')].map((word) => `'${word}'`).join(' ');
  const { launcher, underWay, ended } = launch('terminal', '/usr/bin/script', [
    // A shell that stays (dash does) is itself ended by the Ctrl-C, and its status hides that of the program.
    ...['--quiet', '--return', '--command', `exec ${words}`, '/dev/null'],
  ]);
  await underWay;
  launcher.stdin.write('\u0003');
  const { code, text } = await ended;
  expect(code, text).toBe(0);
  expect(text).toContain('"stopped":true');
  expect(hasAdapter('terminal')).toBe(true);
});

test('a launcher that is killed leaves no run without a master: it pauses with a checkpoint', async () => {
  const { launcher, underWay, ended } = lorikeet('killed');
  await underWay;
  launcher.kill('SIGKILL');
  const { text } = await ended;
  expect(text).toContain('"paused":true');
  const store = openStore(join(at('killed-home'), 'lorikeet.db'));
  const [run] = store.runs.list();
  store.close();
  expect(run).toMatchObject({ state: 'paused', heldBy: 'person' });
  expect(run?.checkpoint?.step).toBeGreaterThan(2);
});
