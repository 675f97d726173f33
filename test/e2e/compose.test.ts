/** Composing two adapters in the window: weighed with the keyboard, measured, tried, saved, and done again from the chain. */
import type { Locator, Page } from 'playwright-core';
import { beforeAll, expect, test } from 'vitest';
import { faultsInBothThemes } from './accessible.ts';
import { startRun } from './choose.ts';
import { sharedStudio, type SharedStudio } from './shared-studio.ts';
import { invoke, tinyRun } from './tiny-run.ts';

let studio: SharedStudio;
let page: Page;
let figures: Locator;

async function train(name: string, seed: number): Promise<void> {
  const config = { ...tinyRun(studio.home, 20, name), seed, learningRate: 0.02 };
  const { id } = await startRun(studio, config);
  const state = async () => {
    const runs = await invoke(page, 'runs.list', undefined);
    return runs.find((run) => run.id === id)?.state;
  };
  await expect.poll(state, { timeout: 90_000 }).toBe('finished');
}

beforeAll(async () => {
  studio = await sharedStudio();
  ({ page } = studio);
  figures = page.getByRole('region', { name: 'How far from the weighted sum' });
});

const number = (name: string) => page.getByLabel(name, { exact: true });

test('two adapters are chosen and weighed with the keyboard; their exact sum is measured by itself', async () => {
  await train('one', 1);
  await train('other', 2);
  await page.getByRole('link', { name: 'Compose' }).click();
  await figures.getByText('Choose the adapters').waitFor();
  await page.getByRole('checkbox', { name: 'one', exact: true }).press('Space');
  await page.getByRole('checkbox', { name: 'other', exact: true }).press('Space');
  const slider = page.getByRole('slider', { name: 'Weight of other' });
  for (let press = 0; press < 6; press += 1) await slider.press('ArrowLeft');
  expect(await number('Weight of other as a number').inputValue()).toBe('0.7');
  await figures.getByText('exact but for rounding').waitFor({ timeout: 60_000 });
  // Each has rank 8.
  expect(await figures.getByRole('definition').first().innerText()).toBe('16');
  await page.getByRole('button', { name: 'Weight of other back to 1' }).press('Enter');
  expect(await slider.inputValue()).toBe('1');
  const field = number('Weight of other as a number');
  await field.press('Control+A');
  await field.pressSequentially('-0.5');
  expect(await slider.inputValue()).toBe('-0.5');
  await field.fill('0.7');
  expect(await slider.inputValue()).toBe('0.7');
});

test('a rank below that of the sum has an error, by module and in the singular values', async () => {
  await page.getByRole('combobox', { name: 'Kind' }).selectOption('SVD');
  await page.getByRole('spinbutton', { name: 'Rank' }).fill('4');
  await figures
    .getByText('The blend has rank 4 here: 12 of 16 values')
    .waitFor({ timeout: 60_000 });
  const error = Number.parseFloat(await figures.locator('.figure').innerText());
  expect(error).toBeGreaterThan(0);
  expect(error).toBeLessThan(100);
  // The least error of its module: of the singular values beyond the rank.
  await figures.getByText('Values as a table').press('Enter');
  expect(await figures.getByText('beyond the rank', { exact: true }).count()).toBe(12);
  const grid = figures.getByRole('grid', { name: 'Relative error by module' });
  const cell = grid.locator('[tabindex="0"]');
  await cell.press('ArrowRight');
  await page.keyboard.press('Enter');
  const chosen = figures.getByRole('combobox', { name: 'Module' });
  await expect.poll(() => chosen.inputValue()).toMatch(/layers\.1\..*q_proj$/);
});

test('what cannot be had is said by its name, and a slow kind waits for its button', async () => {
  await page.getByRole('spinbutton', { name: 'Rank' }).fill('4000');
  await figures.getByText('compose/bad-rank').waitFor({ timeout: 60_000 });
  await page.getByRole('combobox', { name: 'Kind' }).selectOption('TIES');
  await page.getByRole('spinbutton', { name: 'Rank' }).fill('4');
  expect(await figures.getByText('compose/bad-rank').count()).toBe(0);
  await figures.getByText('of other settings than those chosen now').waitFor();
  expect(await faultsInBothThemes(page)).toEqual([]);
  await figures.getByRole('button', { name: 'Compute figures' }).press('Enter');
  await figures.getByText('relative error', { exact: true }).waitFor({ timeout: 120_000 });
});

test('base, parts and blend answer the same prompt, and the blend is saved as an adapter', async () => {
  const trial = page.getByRole('region', { name: 'Try it' });
  await trial.getByRole('textbox', { name: 'Prompt' }).fill('say 3');
  await trial.getByRole('spinbutton', { name: 'Longest answer' }).fill('4');
  await trial.getByRole('button', { name: 'Try it' }).press('Enter');
  await trial.getByRole('heading', { name: 'Blend' }).waitFor({ timeout: 120_000 });
  expect(await trial.getByRole('heading', { level: 3 }).allInnerTexts()).toEqual([
    ...['Base model', 'one alone', 'other alone', 'Blend'],
  ]);
  expect(await faultsInBothThemes(page)).toEqual([]);
  await page.getByRole('textbox', { name: 'Name of the blend' }).fill('both');
  await page.getByRole('button', { name: 'Save as an adapter' }).press('Enter');
  await page.getByRole('link', { name: 'both' }).press('Enter', { timeout: 60_000 });
  await page.getByRole('heading', { name: 'Blend of 2 adapters: TIES' }).waitFor();
  await page.getByText(/rank 4, density 0\.5, relative error/).waitFor();
});

test('done again, it fills the page; a part that is gone is named', async () => {
  const again = page.getByRole('button', { name: /^Do it again: Blend/ });
  await again.press('Enter');
  await page.getByRole('heading', { name: 'Compose', exact: true }).waitFor();
  expect(await page.getByRole('combobox', { name: 'Kind' }).inputValue()).toBe('ties');
  expect(await number('Weight of other as a number').inputValue()).toBe('0.7');
  const one = (await invoke(page, 'adapters.list', undefined)).find(({ name }) => name === 'one');
  await invoke(page, 'adapters.remove', { id: one?.id ?? 0 });
  await page.getByRole('link', { name: 'Adapters' }).click();
  await again.press('Enter');
  await page.getByText(/-one is no longer among the adapters/).waitFor();
  expect(await page.getByRole('slider').count()).toBe(1);
  expect(studio.complaints).toEqual([]);
});
