/** More runs than a page of the list has: turned over, searched, narrowed down, opened and compared. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeBigStore } from '../../scripts/alive/big-store.ts';
import { accessibilityFaults } from './accessible.ts';
import { launchStudio, temporaryHome, type LaunchedStudio } from './launch.ts';
import { invoke, tinyRun } from './tiny-run.ts';

const home = temporaryHome();
let studio: LaunchedStudio;
beforeAll(async () => {
  makeBigStore(home, tinyRun(home, 20), { runs: 120, steps: 3000 });
  studio = await launchStudio(home);
});
afterAll(() => studio.quit());

const names = () => studio.page.locator('tbody th a').allTextContents();

test('the list is turned over, and searched by words', async () => {
  const { page } = studio;
  await page.getByText('1–50 of 120').waitFor();
  expect(await names()).toEqual(expect.arrayContaining(['a long run', 'run 119', 'run 71']));
  expect(await accessibilityFaults(page)).toEqual([]);
  await page.getByRole('button', { name: 'Older' }).click();
  await page.getByText('51–100 of 120').waitFor();
  expect((await names())[0]).toBe('run 70');
  await page.getByRole('searchbox', { name: 'Search runs' }).fill('LONG');
  await expect.poll(names).toEqual(['a long run']);
  await page.getByRole('combobox', { name: 'State of the runs' }).selectOption('Failed');
  await page.getByText('No run fits this search.').waitFor();
  await page.getByRole('combobox', { name: 'State of the runs' }).selectOption('Finished');
  await expect.poll(names).toEqual(['a long run']);
});

test('a run that is removed leaves the page that is shown', async () => {
  const { page } = studio;
  await page.getByRole('searchbox', { name: 'Search runs' }).fill('run 11');
  await expect.poll(names).toHaveLength(11);
  await invoke(page, 'runs.remove', { id: 115, adapter: false });
  await expect.poll(names).toHaveLength(10);
});

test('a run opens with all its steps, from the list and by its address', async () => {
  const { page } = studio;
  await page.getByRole('searchbox', { name: 'Search runs' }).fill('long');
  await page.getByRole('link', { name: 'a long run' }).click();
  await page.getByRole('img', { name: /^Loss of a long run\. .* at Step 3,000/ }).waitFor();
  await page.evaluate(() => (location.hash = '#/run/7'));
  await page.getByRole('heading', { name: 'run 7', exact: true }).waitFor();
  await page.evaluate(() => (location.hash = '#/run/115'));
  await page.getByText('This run is not there any more').waitFor();
});

test('runs that are far down the list are found to be compared', async () => {
  const { page } = studio;
  await page.getByRole('link', { name: 'Compare' }).click();
  await page.getByRole('checkbox', { name: 'a long run' }).waitFor();
  await page.getByRole('searchbox', { name: 'Search runs' }).fill('run 33');
  await page.getByRole('checkbox', { name: 'run 33' }).check({ force: true });
  const chosen = page.getByRole('rowheader').filter({ hasText: 'run 33' });
  await chosen.first().waitFor();
  expect(await page.getByRole('checkbox', { name: 'a long run' }).isChecked()).toBe(true);
  expect(await accessibilityFaults(page)).toEqual([]);
});
