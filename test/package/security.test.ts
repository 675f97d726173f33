/** What the packaged application refuses: to its page, to who starts it, and to who looks for a debugger in it. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { packagedProgram } from '../../scripts/lib/package-studio.ts';
import { messageOf } from '../../src/shared/errors/message-of.ts';
import { pressDevToolsKeys } from '../e2e/devtools-keys.ts';
import { addressAfterLeaving, guards } from '../e2e/guards.ts';
import { commandOf, readOf, withDescendants } from '../support/process-tree.ts';
import { listeningSockets } from '../support/sockets.ts';
import { contactsOf, ownAddress } from '../support/ways-out.ts';
import { asRoot, launchPackaged, sandboxOptions, type PackagedStudio } from './launch.ts';

/** The number of `nobody`. */
const nobody = 65534;
let studio: PackagedStudio;
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lorikeet-guarded-'));
  studio = await launchPackaged();
});
afterAll(async () => {
  await studio.quit();
  rmSync(folder, { recursive: true });
});

test.each(guards)('$name', async ({ look, wanted }) => {
  expect(await look(studio.page)).toEqual(wanted);
});

test.skipIf(ownAddress === undefined)('no way of the page leads to the network', async () => {
  expect(await contactsOf(studio.page, ownAddress ?? '')).toEqual([]);
});

test('DevTools do not open by their keys, and their files are not served to the page', async () => {
  await pressDevToolsKeys(studio.page);
  await sleep(1000);
  const browser = await studio.page.context().newCDPSession(studio.page);
  const { targetInfos } = await browser.send('Target.getTargets');
  expect(targetInfos.map(({ url }) => new URL(url).protocol)).toEqual(['app:']);

  const served = await studio.page.evaluate(() =>
    fetch('devtools://devtools/bundled/inspector.html').then(
      () => true,
      () => false,
    ),
  );
  expect(served).toBe(false);
});

/** Starts it a second time on the same data, which ends at once; what it wrote meanwhile. */
async function startedWith(variables: Record<string, string>, args: string[]): Promise<string> {
  const program = spawn(packagedProgram, [...sandboxOptions, ...args], {
    env: { ...process.env, LORIKEET_HOME: studio.home, ...variables },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let written = '';
  for (const stream of [program.stdout, program.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (written += text));
  await once(program, 'close');
  return written;
}

test('it does not run as Node, whatever the environment and the arguments say', async () => {
  const ran = join(folder, 'ran');
  const script = join(folder, 'script.cjs');
  writeFileSync(script, `require('node:fs').writeFileSync(${JSON.stringify(ran)}, '')`);
  // Each of the three does it in an Electron without these fuses.
  await startedWith({ ELECTRON_RUN_AS_NODE: '1' }, [script]);
  await startedWith({ NODE_OPTIONS: `--require=${script}` }, []);
  const debugged = await startedWith({}, ['--inspect=127.0.0.1:0', '--inspect-brk=127.0.0.1:0']);
  expect(existsSync(ran)).toBe(false);
  expect(debugged).not.toContain('Debugger listening');
});

test('with its sandbox, as another user than root, the renderer may make few system calls', async (context) => {
  const sandboxed = await launchPackaged(asRoot ? nobody : process.getuid?.()).catch(messageOf);
  // Chromium's own words where the system gives it no namespaces for it.
  if (typeof sandboxed === 'string') {
    context.skip(sandboxed.includes('No usable sandbox'), sandboxed);
    throw new Error(sandboxed);
  }
  try {
    await sandboxed.page.getByRole('link', { name: 'New run' }).waitFor();
    const renderers = [...withDescendants([sandboxed.pid])].filter((pid) =>
      commandOf(pid).includes('--type=renderer'),
    );
    expect(renderers.length).toBeGreaterThan(0);
    for (const pid of renderers) {
      const status = readOf(pid, 'status');
      // 2: only the calls that its filter lets through.
      expect(status).toMatch(/^Seccomp:\s+2$/m);
      expect(status).toMatch(/^NoNewPrivs:\s+1$/m);
    }
  } finally {
    await sandboxed.quit();
  }
});

test('the page stays where it is', async () => {
  expect(await addressAfterLeaving(studio.page)).toMatch(/^app:\/\/lorikeet\/index\.html/);
});

test('a signal that would start a debugger in Node starts none', async () => {
  const before = listeningSockets(studio.pid);
  process.kill(studio.pid, 'SIGUSR1');
  // Node's listens within milliseconds.
  await sleep(1000);
  expect(listeningSockets(studio.pid).filter((each) => !before.includes(each))).toEqual([]);
});
