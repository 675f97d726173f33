/** Compare, down to the answers: runs of two bases asked the same prompts side by side. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { accessibilityFaults } from './accessible.ts';
import { startRun } from './choose.ts';
import { launchStudio, root, type LaunchedStudio } from './launch.ts';
import { invoke, tinyRun } from './tiny-run.ts';

let studio: LaunchedStudio;
let page: Page;

const card = (name: string): Locator => page.getByRole('region', { name, exact: true });

/** Trains a run to its end; `over` is what is not as in the others. */
async function train(name: string, over: { model?: string; learningRate?: number }): Promise<void> {
  const { id } = await startRun(studio, { ...tinyRun(studio.home, 20, name), ...over });
  const state = async () => {
    const runs = await invoke(page, 'runs.list', undefined);
    return runs.find((run) => run.id === id)?.state;
  };
  await expect.poll(state, { timeout: 90_000 }).toBe('finished');
}

/** In both themes: nothing that axe-core finds; pictures where a folder for them is named. */
async function look(name: string, shown: Locator): Promise<void> {
  const folder = process.env['LORIKEET_PICTURES'];
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    expect(await accessibilityFaults(page)).toEqual([]);
    if (folder === undefined) continue;
    mkdirSync(folder, { recursive: true });
    await shown.screenshot({ path: join(folder, `${name}-${colorScheme}.png`) });
  }
}

beforeAll(async () => {
  studio = await launchStudio();
  ({ page } = studio);
});
afterAll(() => studio.quit());

test('the same prompts are answered by each run over its base, and what differs is marked', async () => {
  await train('fast', { learningRate: 0.02 });
  await train('slow', { learningRate: 0.0001 });
  await train('elsewhere', { model: join(root, 'test/fixtures/models/tiny-qwen2') });
  await page.getByRole('link', { name: 'Compare' }).click();
  const answers = card('Answers');
  await answers.getByRole('textbox', { name: 'Prompt' }).fill('say 3');
  await answers.getByRole('button', { name: 'Add a prompt' }).press('Enter');
  await answers.getByRole('textbox', { name: 'Prompt 2' }).fill('say 7');
  await answers.getByRole('spinbutton', { name: 'Longest answer' }).fill('12');
  await answers.getByRole('textbox', { name: 'Prompt 2' }).press('Control+Enter');
  const second = answers.getByRole('region', { name: 'Prompt 2' });
  await second.waitFor({ timeout: 120_000 });
  expect(await second.getByRole('group').count()).toBe(5);
  expect(await second.getByRole('heading', { level: 3 }).allInnerTexts()).toEqual([
    ...['say 7', 'Base model', 'elsewhere', 'Base model', 'slow', 'fast'],
  ]);
  // The run with the tiny rate says what the base says; the other has moved.
  const slow = second.getByRole('group', { name: 'slow' });
  const fast = second.getByRole('group', { name: 'fast' });
  await slow.getByText('the same as the base').waitFor();
  expect(await slow.locator('ins, del').count()).toBe(0);
  expect(await fast.getByRole('insertion').count()).toBeGreaterThan(0);
  await look('answers', answers);
  await answers.getByText('the first run', { exact: true }).click();
  expect(await second.getByRole('group', { name: 'elsewhere' }).locator('ins, del').count()).toBe(
    0,
  );
  expect(await fast.locator('ins, del').count()).toBeGreaterThan(0);
  // Answers of other runs than those that are chosen say so.
  const chosen = page.getByRole('group', { name: 'Runs to compare' });
  await chosen.getByRole('checkbox', { name: 'slow' }).press('Space');
  await answers.getByText('Of other runs or prompts than those chosen now.').waitFor();
  await chosen.getByRole('checkbox', { name: 'slow' }).press('Space');
  expect(studio.complaints).toEqual([]);
});
