/** More runs, adapters and conversations than a page of a list has: turned over, searched, narrowed down, opened and compared. */
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openStore } from '../../src/main/store/database.ts';
import { makeBigStore } from '../../scripts/alive/big-store.ts';
import { sampleChat } from '../../scripts/screenshots/sample-chat.ts';
import { accessibilityFaults } from './accessible.ts';
import { launchStudio, temporaryHome, type LaunchedStudio } from './launch.ts';
import { invoke, tinyRun } from './tiny-run.ts';

const home = temporaryHome();
let studio: LaunchedStudio;
beforeAll(async () => {
  makeBigStore(home, tinyRun(home, 20), { runs: 120, steps: 3000 });
  addOthers(tinyRun(home, 20).model);
  studio = await launchStudio(home);
});
afterAll(() => studio.quit());

/** Forty adapters, and as many conversations. */
function addOthers(model: string): void {
  const store = openStore(join(home, 'lorikeet.db'));
  for (let at = 1; at <= 40; at += 1)
    store.adapters.add({
      ...{ name: `adapter ${at}`, path: join(home, `${at}`), runId: null, model, origin: null },
      ...{ rank: 8, alpha: 16, parameters: 9, labels: null, base: null, createdAt: at },
    });
  const asked = store.adapters.list().slice(0, 2);
  for (let at = 1; at <= 40; at += 1)
    store.chats.add({ ...sampleChat(model, asked, at), name: `chat ${at}` });
  store.close();
}

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

test('adapters are turned over, and the page of the chosen one is shown', async () => {
  const { page } = studio;
  const list = page.getByRole('navigation', { name: 'Saved adapters' });
  await page.getByRole('link', { name: 'Adapters', exact: true }).click();
  await list.getByText('1–30 of 40').waitFor();
  expect(await list.getByRole('link').count()).toBe(30);
  await list.getByRole('button', { name: 'Older' }).press('Enter');
  await list.getByText('31–40 of 40').waitFor();
  await list.getByRole('link', { name: 'adapter 7' }).press('Enter');
  await page.getByRole('heading', { name: 'adapter 7', exact: true }).waitFor();
  await list.getByText('31–40 of 40').waitFor();
  expect(await accessibilityFaults(page)).toEqual([]);
});

test('conversations are turned over, and the page of the open one is shown', async () => {
  const { page } = studio;
  const list = page.getByRole('navigation', { name: 'Conversations', exact: true });
  await page.getByRole('link', { name: 'Playground', exact: true }).click();
  await list.getByText('1–30 of 40').waitFor();
  await list.getByRole('button', { name: 'Older' }).press('Enter');
  await list.getByRole('button', { name: /^chat 3 / }).press('Enter');
  await page.getByRole('region', { name: 'Question 2' }).waitFor();
  await list.getByText('31–40 of 40').waitFor();
  expect(await list.locator('[aria-current]').innerText()).toContain('chat 3');
  expect(await accessibilityFaults(page)).toEqual([]);
});
