/** Starts the packaged application as a person does; its window is reached through Chromium's debugging port. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { chromium, type Page } from 'playwright-core';
import { complaintsOf } from '../e2e/complaints.ts';
import { packagedProgram } from '../../scripts/lib/package-studio.ts';

export type PackagedStudio = {
  page: Page;
  home: string;
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

/** With a data folder of its own, and no cache: it has to live on what is in the package. */
export async function launchPackaged(): Promise<PackagedStudio> {
  const home = mkdtempSync(join(tmpdir(), 'lorikeet-package-'));
  const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const program = spawn(packagedProgram, ['--remote-debugging-port=0', ...sandbox], {
    env: { ...process.env, LORIKEET_HOME: home, LORIKEET_CACHE: join(home, 'no-cache') },
    stdio: ['ignore', 'inherit', 'pipe'],
  });
  const ended = once(program, 'exit');
  const browser = await chromium.connectOverCDP(await debuggingAddress(program));
  // From here on nobody reads its complaints, which must not stop it.
  program.stderr.resume();
  const context = browser.contexts()[0];
  const page = context?.pages()[0] ?? (await context?.waitForEvent('page'));
  if (page === undefined) throw new Error('The packaged application has no window.');
  return {
    page,
    home,
    complaints: complaintsOf(page),
    quit: async () => {
      await browser.close();
      program.kill();
      await ended;
      rmSync(home, { recursive: true, force: true });
    },
  };
}
