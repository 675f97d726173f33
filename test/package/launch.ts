/** Starts the packaged application as a person does; its window is reached through Chromium's debugging port. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { chromium, type Page } from 'playwright-core';
import { complaintsOf } from '../e2e/complaints.ts';
import { patience } from '../e2e/launch.ts';
import { packagedProgram } from '../../scripts/lib/package-studio.ts';

export type PackagedStudio = {
  page: Page;
  home: string;
  /** Of its main process. */
  pid: number;
  /** What the page wrote to its console as errors or warnings. */
  complaints: string[];
  quit: () => Promise<void>;
};

/** The address that Chromium writes to stderr when its debugging port is open. Fails with what was written if it ends before. */
async function debuggingAddress(program: ChildProcess): Promise<string> {
  if (program.stderr === null) throw new Error('stderr is not piped');
  let written = '';
  for await (const line of createInterface({ input: program.stderr })) {
    const address = /DevTools listening on (ws:\S+)/.exec(line)?.[1];
    if (address !== undefined) return address;
    written += `${line}\n`;
  }
  throw new Error(`The packaged application ended before its window was there:\n${written}`);
}

/** Chromium refuses to run as root with its sandbox. */
export const asRoot = process.getuid?.() === 0;
export const sandboxOptions = asRoot ? ['--no-sandbox'] : [];

/**
 * With a data folder of its own, and no cache: it has to live on what is in the package. `user` is the number of another user
 * to start it as, with Chromium's sandbox.
 */
export async function launchPackaged(user?: number): Promise<PackagedStudio> {
  const home = mkdtempSync(join(tmpdir(), 'lorikeet-package-'));
  const own = { LORIKEET_HOME: home, LORIKEET_CACHE: join(home, 'no-cache') };
  const other = user === undefined ? {} : { uid: user, gid: user };
  if (user !== undefined) chownSync(home, user, user);
  const sandbox = user === undefined ? sandboxOptions : [];
  const program = spawn(packagedProgram, ['--remote-debugging-port=0', ...sandbox], {
    ...other,
    env: { ...process.env, ...own, ...(user !== undefined && { HOME: home }) },
    stdio: ['ignore', 'inherit', 'pipe'],
  });
  const ended = once(program, 'exit');
  const browser = await chromium.connectOverCDP(await debuggingAddress(program));
  // From here on nobody reads its complaints, which must not stop it.
  program.stderr.resume();
  const context = browser.contexts()[0];
  const page = context?.pages()[0] ?? (await context?.waitForEvent('page'));
  if (page === undefined) throw new Error('The packaged application has no window.');
  page.setDefaultTimeout(patience);
  return {
    page,
    home,
    pid: program.pid ?? NaN,
    complaints: complaintsOf(page),
    quit: async () => {
      await browser.close();
      program.kill();
      await ended;
      rmSync(home, { recursive: true, force: true });
    },
  };
}
