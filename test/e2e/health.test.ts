/** The health of an adapter on the page of its run: live, out of the store, with the keyboard, in both themes. */
import { join } from 'node:path';
import type { Locator } from 'playwright-core';
import { beforeAll, expect, test } from 'vitest';
import { accessibilityFaults } from './accessible.ts';
import { choose, startRun } from './choose.ts';
import { root } from './launch.ts';
import { sharedStudio, type SharedStudio } from './shared-studio.ts';
import { invoke, tinyRun } from './tiny-run.ts';

let studio: SharedStudio;
let card: Locator;
beforeAll(async () => {
  studio = await sharedStudio();
  card = studio.page.getByRole('region', { name: 'Health of the adapter' });
});

const grid = (figure: string, step: number) =>
  card.getByRole('grid', { name: `${figure} at step ${step}` });

test('a run that trains shows the health of its adapter, and so does its page later', async () => {
  const { page } = studio;
  const { id } = await startRun(studio, tinyRun(studio.home, 40));
  await page.evaluate((hash) => {
    location.hash = hash;
  }, `#/run/${id}`);
  await grid('Change of the weight, ‖ΔW‖ / ‖W‖', 40).waitFor({ timeout: 120_000 });
  const { health } = await invoke(page, 'runs.metrics', { id });
  // With ten steps of warm-up the first update that changes something is the second.
  expect(health[0]?.step).toBe(2);
  expect(health.at(-1)?.step).toBe(40);
  expect(health[0]?.modules).toHaveLength(3 * 7);
  await page.reload();
  await grid('Change of the weight, ‖ΔW‖ / ‖W‖', 40).waitFor();
});

test('exact figures with the keyboard, of every reading', async () => {
  const { page } = studio;
  await card.getByText('‖B‖', { exact: true }).first().click();
  const now = grid('Size of B, ‖B‖', 40);
  await now.getByRole('gridcell', { name: /^q_proj, layer 0: 0\.\d+$/ }).focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('End');
  const focused = () => page.evaluate(() => document.activeElement?.getAttribute('aria-label'));
  expect(await focused()).toMatch(/^k_proj, layer 2: 0\.\d+$/);
  await card.getByText('k_proj, layer 2', { exact: true }).waitFor();
  await page.keyboard.press('Home');
  expect(await focused()).toMatch(/^k_proj, layer 0: /);

  const slider = card.getByRole('slider', { name: 'Reading' });
  await slider.press('Home');
  await grid('Size of B, ‖B‖', 2).waitFor();
  await slider.press('End');
  await now.waitFor();
});

test('the map as a table, and nothing that axe finds, in light and dark', async () => {
  const { page } = studio;
  await card.getByText('Figures as a table').click();
  const rows = card.getByRole('table', { name: /^Size of B, ‖B‖ at step 40/ }).getByRole('row');
  expect(await rows.count()).toBe(1 + 3);
  for (const theme of ['Light', 'Dark']) {
    await page.getByRole('radio', { name: theme, exact: true }).check({ force: true });
    expect(await accessibilityFaults(page)).toEqual([]);
  }
  expect(studio.complaints).toEqual([]);
});

test('a mixture of experts: chosen together, only where there are some, and counted on the run', async () => {
  const { page } = studio;
  const model = join(root, 'test/fixtures/models/tiny-qwen2-moe');
  await choose(studio, model, 'model-folder');
  await invoke(page, 'models.add', { path: model });
  await page.getByRole('link', { name: 'New run' }).click();
  await page.getByRole('combobox', { name: 'Model' }).selectOption('tiny-qwen2-moe');
  const targets = page.getByRole('grid', { name: 'Target modules' });
  await targets.getByRole('rowheader', { name: 'experts.up_proj' }).waitFor();
  const cell = (name: string) => targets.getByRole('gridcell', { name, exact: true });
  await cell('experts.up_proj, layer 1: not in this layer').waitFor();
  const isOn = (name: string) => cell(name).getAttribute('aria-selected');
  expect(await isOn('experts.up_proj, layer 2')).toBe('true');
  expect(await isOn('gate, layer 2')).toBe('false');
  const routerLoss = page.getByRole('spinbutton', { name: 'Router loss', exact: true });
  await page.getByText('More training settings').click();
  await routerLoss.waitFor();
  await page.getByRole('combobox', { name: 'Model' }).selectOption('smollm2-135m-instruct');
  await routerLoss.waitFor({ state: 'detached' });

  const run = { ...tinyRun(studio.home, 4, 'mixture'), model, routerLoss: 0.5 };
  const { id } = await startRun(studio, run);
  await page.evaluate((hash) => {
    location.hash = hash;
  }, `#/run/${id}`);
  const use = card.getByRole('table', { name: 'Share of each expert by layer, at step 4' });
  await use.waitFor({ timeout: 120_000 });
  // Layers 0 and 2 have eight experts each.
  expect(await use.getByRole('row').count()).toBe(1 + 2);
  expect(await use.getByRole('cell').count()).toBe(2 * 8);
  await card.getByText(/the routers' loss was [\d.]+ times that of even use/).waitFor();
  await page.getByRole('term').filter({ hasText: 'Router loss' }).waitFor();
  expect(await accessibilityFaults(page)).toEqual([]);
  // The studio does not quit from a run without asking, and one goes on behind its last step.
  await page.getByRole('button', { name: 'Export…' }).waitFor({ timeout: 120_000 });
  expect(studio.complaints).toEqual([]);
});
