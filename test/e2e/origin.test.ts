/** Where an adapter came from: the chain on its page after a training and an export, and doing its links again. */
import { rmSync } from 'node:fs';
import type { Locator, Page } from 'playwright-core';
import { beforeAll, expect, test } from 'vitest';
import { faultsInBothThemes } from './accessible.ts';
import { startRun } from './choose.ts';
import { sharedStudio, type SharedStudio } from './shared-studio.ts';
import { invoke, tinyRun } from './tiny-run.ts';

let studio: SharedStudio;
let page: Page;
let chain: Locator;

beforeAll(async () => {
  studio = await sharedStudio();
  ({ page } = studio);
  chain = page.getByRole('region', { name: 'Where it came from' });
});

test('after a training its base, data and settings are shown; after an export that is the newest link', async () => {
  const config = { ...tinyRun(studio.home, 3, 'first'), learningRate: 0.0123, seed: 77 };
  const { id } = await startRun(studio, config);
  const state = async () => {
    const runs = await invoke(page, 'runs.list', undefined);
    return runs.find((run) => run.id === id)?.state;
  };
  await expect.poll(state, { timeout: 90_000 }).toBe('finished');
  await page.getByRole('link', { name: 'Adapters' }).click();
  await chain.getByRole('heading', { name: 'Training, 3 steps' }).waitFor();
  expect(await chain.innerText()).toMatch(/tiny-tied\s+fingerprint [0-9a-f]{12}/);
  expect(await chain.innerText()).toMatch(/tiny\.jsonl\s+fingerprint [0-9a-f]{12}/);
  await chain.getByText('All settings').press('Enter');
  await chain.getByText('0.0123').waitFor();
  const panel = page.getByRole('region', { name: 'Export', exact: true });
  await panel.getByRole('combobox', { name: 'Type of numbers' }).selectOption('float16');
  await panel.getByRole('button', { name: 'Export', exact: true }).click();
  const exported = 'Export: Hugging Face model, float16';
  await chain.getByRole('heading', { name: exported }).waitFor({ timeout: 90_000 });
  expect(await chain.getByRole('heading').allInnerTexts()).toEqual([
    ...['Where it came from', exported, 'Training, 3 steps'],
  ]);
  expect(await faultsInBothThemes(page)).toEqual([]);
});

test('an export done again sets the panel to what it was and leads there', async () => {
  const panel = page.getByRole('region', { name: 'Export', exact: true });
  await panel.getByRole('radio', { name: 'GGUF model' }).press('Space');
  const written = panel.getByRole('combobox', { name: 'Type of numbers' });
  await written.selectOption('Q8_0');
  await chain.getByRole('button', { name: /^Do it again: Export/ }).press('Enter');
  await expect.poll(() => written.inputValue()).toBe('float16');
  const focused = page.locator('div:focus').filter({ has: panel });
  await focused.waitFor();
});

test('a training done again fills the form with its settings, and names what is gone', async () => {
  rmSync(tinyRun(studio.home, 1).data);
  await page.getByRole('link', { name: 'Runs' }).click();
  await page.getByRole('link', { name: 'Adapters' }).click();
  await chain.getByText('The data tiny.jsonl is no longer where it was.').waitFor();
  await chain.getByRole('button', { name: /^Do it again: Training/ }).press('Enter');
  await page.getByText(/The data tiny\.jsonl .* Choose another/).waitFor();
  const value = (name: string) => page.getByLabel(name, { exact: true }).inputValue();
  expect(await value('Name of the run')).toBe('first');
  expect(await value('Learning rate')).toBe('0.0123');
  await page.getByText('More training settings').click();
  expect(await value('Seed')).toBe('77');
});
