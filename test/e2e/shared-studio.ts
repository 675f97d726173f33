/** One studio for all files that look at neither its start nor its end: each finds it as a first start leaves it. */
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import type { Page } from 'playwright-core';
import { isOpen } from '../../src/shared/run-states.ts';
import { firstStore, launchStudio, storeFile, type LaunchedStudio } from './launch.ts';
import { invoke } from './tiny-run.ts';

export type SharedStudio = Omit<LaunchedStudio, 'quit' | 'process'>;

let running: { studio: LaunchedStudio; size: Size } | null = null;

/** It ends with the process of the tests. */
export async function sharedStudio(): Promise<SharedStudio> {
  if (running !== null && (await isAtRest(running.studio)))
    await empty(running.studio, running.size);
  else {
    running?.studio.process.kill('SIGKILL');
    const studio = await launchStudio();
    running = { studio, size: await sizeOf(studio.page) };
  }
  return running.studio;
}

/** Quits it as a person does, and starts it again with what it has. Nothing may be training, or it asks first. */
export async function restarted(): Promise<SharedStudio> {
  if (running === null) throw new Error('sharedStudio() comes first');
  const { studio, size } = running;
  await studio.quit();
  running = { studio: await launchStudio(studio.home), size };
  return running.studio;
}

/** A test that failed half-way may have left it with a run in progress, or dead. */
async function isAtRest({ page }: LaunchedStudio): Promise<boolean> {
  const runs = await invoke(page, 'runs.list', undefined).catch(() => null);
  return runs !== null && !runs.some(isOpen);
}

type Size = { width: number; height: number };
const sizeOf = (page: Page): Promise<Size> =>
  page.evaluate(() => ({ width: innerWidth, height: innerHeight }));

/**
 * Takes away what the tests before have entered, written and chosen. Main goes on with the answers that dialogs were given, and with
 * the paths that the page may name.
 */
async function empty({ page, home, complaints }: LaunchedStudio, size: Size): Promise<void> {
  const first = new BetterSqlite3(await firstStore(), { readonly: true });
  await first.backup(join(home, storeFile));
  first.close();
  for (const name of readdirSync(home).filter((each) => !isKept(each)))
    rmSync(join(home, name), { recursive: true });
  await page.setViewportSize(size);
  await page.emulateMedia({ colorScheme: null });
  await page.evaluate(() => {
    history.replaceState(null, '', location.pathname);
    localStorage.clear();
  });
  await page.reload();
  complaints.length = 0;
}

/** What the application has open. */
const isKept = (name: string): boolean => name.startsWith('lorikeet.') || name.startsWith('window');
