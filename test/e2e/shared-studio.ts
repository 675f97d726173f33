/** One studio for all files that look at neither its start nor its end: each finds it as a first start leaves it. */
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import type { Page } from 'playwright-core';
import { firstStore, launchStudio, storeFile, type LaunchedStudio } from './launch.ts';

export type SharedStudio = Omit<LaunchedStudio, 'quit' | 'process'>;

let running: { studio: LaunchedStudio; size: Size } | null = null;

/** It ends with the process of the tests. Whoever has it leaves no work in progress. */
export async function sharedStudio(): Promise<SharedStudio> {
  if (running === null || running.studio.process.exitCode !== null) {
    const studio = await launchStudio();
    running = { studio, size: await sizeOf(studio.page) };
  } else await empty(running.studio, running.size);
  return running.studio;
}

type Size = { width: number; height: number };
const sizeOf = (page: Page): Promise<Size> =>
  page.evaluate(() => ({ width: innerWidth, height: innerHeight }));

/** Takes away what the tests before have entered, written and chosen. */
async function empty({ page, home, complaints }: LaunchedStudio, size: Size): Promise<void> {
  const first = new BetterSqlite3(await firstStore(), { readonly: true });
  await first.backup(join(home, storeFile));
  first.close();
  for (const name of readdirSync(home).filter((each) => !isKept(each)))
    rmSync(join(home, name), { recursive: true });
  await page.setViewportSize(size);
  await page.emulateMedia({ colorScheme: null, reducedMotion: null });
  await page.evaluate(() => {
    history.replaceState(null, '', location.pathname);
    localStorage.clear();
  });
  await page.reload();
  complaints.length = 0;
}

/** What the application has open. */
const isKept = (name: string): boolean => name.startsWith('lorikeet.') || name.startsWith('window');
