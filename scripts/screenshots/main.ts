/** Pictures of every page in both appearances and three sizes, of a small store and at one moment of time, so that only what changed looks otherwise. */
import { copyFileSync, mkdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { cachePaths } from '../../src/main/cache.ts';
import { pages } from '../../src/renderer/lib/pages.ts';
import { launchStudio } from '../../test/e2e/launch.ts';
import { project } from '../lib/project.ts';
import { say } from '../lib/say.ts';
import { makeSampleStore, takenAt } from './sample-store.ts';

const target = join(project, 'dist/screenshots');
/** Those that the README shows. */
const shown = join(project, 'resources/screenshots');
const inReadme = ['run-light.png', 'new-light.png', 'compare-dark.png', 'playground-light.png'];
/** The smallest window, the one of the README, and a large screen. */
const sizes = [
  { width: 1000, height: 700 },
  { width: 1280, height: 820 },
  { width: 2560, height: 1440 },
];
const readmeWidth = 1280;
type Size = (typeof sizes)[number];
const samples = join(project, 'resources/samples');

/** `args`: names of pages, without any all. */
export async function takeScreenshots(args: readonly string[]): Promise<void> {
  // The pictures show times of day and paths.
  process.env['TZ'] = 'UTC';
  const home = join(tmpdir(), 'lorikeet-screenshots');
  rmSync(home, { recursive: true, force: true });
  mkdirSync(home);
  const run = makeSampleStore(home, {
    model: cachePaths().starterModel,
    data: join(samples, 'smart-home.train.jsonl'),
    validation: join(samples, 'smart-home.validation.jsonl'),
  });
  // No models but those of the store: what else is on this machine is no part of the pictures.
  for (const place of ['HF_HUB_CACHE', 'OLLAMA_MODELS', 'LLAMA_CACHE'])
    process.env[place] = join(home, 'none');
  rmSync(target, { recursive: true, force: true });
  for (const folder of [target, shown]) mkdirSync(folder, { recursive: true });
  const studio = await launchStudio(home);
  const { page } = studio;
  try {
    await page.getByRole('button', { name: 'Skip' }).click();
    await page.clock.setFixedTime(takenAt);
    await page.reload();
    for (const size of sizes) {
      await page.setViewportSize(size);
      for (const theme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
        for (const { page: name, id } of pages) {
          if (args.length > 0 && !args.includes(name)) continue;
          await open(page, id === 'required' ? `#/${name}/${run}` : `#/${name}`);
          await picture(page, size, `${name}-${theme}.png`);
        }
      }
    }
  } finally {
    await studio.quit();
    rmSync(home, { recursive: true, force: true });
  }
}

async function picture(page: Page, { width, height }: Size, name: string): Promise<void> {
  const path = join(target, `${width}x${height}`, name);
  await page.screenshot({ path });
  if (width === readmeWidth && inReadme.includes(name)) copyFileSync(path, join(shown, name));
  say(`✓ ${width} × ${height}: ${name}`);
}

/** Goes to a page, and waits until nothing on it changes any more. */
async function open(page: Page, hash: string): Promise<void> {
  await page.evaluate((to) => {
    location.hash = to;
  }, hash);
  await page.locator('h1').waitFor();
  // Nothing is under the pointer.
  await page.mouse.move(0, 0);
  await prepared(page, hash);
  let before = '';
  for (let tries = 0; tries < 40; tries += 1) {
    await page.waitForTimeout(400);
    const now = (await page.screenshot()).toString('base64');
    if (now === before) return;
    before = now;
  }
}

/** Fills in what a page is empty without. */
async function prepared(page: Page, hash: string): Promise<void> {
  if (hash === '#/compare') {
    const runs = page.getByRole('group', { name: /^Runs to compare/ }).getByRole('checkbox');
    await runs.first().waitFor();
    for (const run of await runs.all())
      if (!(await run.isChecked())) await run.check({ force: true });
  }
  if (hash === '#/playground') {
    await page.getByRole('button', { name: /^Turn on the lamp/ }).click();
    await page.getByRole('region', { name: 'Question 2' }).waitFor();
  }
  if (hash === '#/new') {
    await choose(page, 'Model', 'smollm2');
    await choose(page, 'Data file', 'train');
    await page.getByText('Working out what the run needs').waitFor({ state: 'detached' });
    await page.locator('main [aria-busy="true"]').waitFor({ state: 'detached' });
    await page.getByRole('grid', { name: 'Target modules' }).scrollIntoViewIfNeeded();
  }
}

/** The option of a list whose text has the words. */
async function choose(page: Page, label: string, words: string): Promise<void> {
  const list = page.getByLabel(label, { exact: true });
  const option = list.locator('option', { hasText: words }).first();
  await option.waitFor({ state: 'attached' });
  await list.selectOption({ label: (await option.innerText()).trim() });
}
