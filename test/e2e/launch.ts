/** Starts the built studio for a test, on a data folder of its own. */
import type { ChildProcess } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { _electron, type ElectronApplication, type Page } from 'playwright-core';
import { complaintsOf } from './complaints.ts';

export type LaunchedStudio = {
  app: ElectronApplication;
  page: Page;
  home: string;
  /** What the page wrote to its console as errors or warnings. */
  complaints: string[];
  /** Its main process; Playwright forgets it as soon as it has ended. */
  process: ChildProcess;
  /** Quits as a person does; the data folder stays for a second launch. */
  quit(): Promise<void>;
};

/** The project, and so the application. */
export const root = new URL('../..', import.meta.url).pathname;

/** A data folder that is gone after the test process. */
export function temporaryHome(): string {
  const home = mkdtempSync(join(tmpdir(), 'lorikeet-e2e-'));
  process.on('exit', () => {
    rmSync(home, { recursive: true, force: true });
  });
  return home;
}

/** How long a page may take to show what it is to show, in ms: on a busy machine the engine takes its time. It costs only where it fails. */
export const patience = 120_000;

/** The variables of this process, as Playwright wants them. */
function variables(): Record<string, string> {
  const entries = Object.entries(process.env);
  return Object.fromEntries(entries.flatMap(([name, value]) => (value ? [[name, value]] : [])));
}

export const storeFile = 'lorikeet.db';
let afterFirstStart: Promise<string> | null = null;

/** A data folder as a first start leaves it: what comes with Lorikeet was looked into, and is entered. */
async function laterHome(): Promise<string> {
  const home = temporaryHome();
  copyFileSync(await firstStore(), join(home, storeFile));
  return home;
}

/** The store that a first start leaves. */
export function firstStore(): Promise<string> {
  afterFirstStart ??= firstStart();
  return afterFirstStart;
}

async function firstStart(): Promise<string> {
  const studio = await start(temporaryHome());
  // Answers once everything is entered.
  await studio.page.evaluate(() => window.lorikeet.invoke('models.list', undefined));
  await studio.quit();
  return join(studio.home, storeFile);
}

/** Starts the application in out/ on the data folder `home`, or on one as a first start leaves it, and waits for its page. */
export async function launchStudio(home?: string): Promise<LaunchedStudio> {
  return start(home ?? (await laterHome()));
}

async function start(home: string): Promise<LaunchedStudio> {
  // What a test throws away is in a trash of its own.
  const env = { ...variables(), LORIKEET_HOME: home, XDG_DATA_HOME: join(home, 'xdg') };
  const app = await _electron.launch({ args: [root], cwd: root, env });
  const page = await app.firstWindow();
  page.setDefaultTimeout(patience);
  const complaints = complaintsOf(page);
  await page.waitForLoadState('domcontentloaded');
  return { app, page, home, complaints, process: app.process(), quit: () => app.close() };
}
