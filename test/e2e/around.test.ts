/** What is around the pages: first steps, native menu, command palette, log, and the page that comes back at the next start. */
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { accessibilityFaults } from './accessible.ts';
import { restarted, sharedStudio, type SharedStudio } from './shared-studio.ts';

let studio: SharedStudio;
beforeAll(async () => {
  studio = await sharedStudio();
});

/** Chooses an item of the native menu. */
async function choose(action: string): Promise<void> {
  const there = () =>
    studio.app.evaluate(
      ({ Menu }, id) => (Menu.getApplicationMenu()?.getMenuItemById(id) ?? null) !== null,
      action,
    );
  // The page tells what it can do when it is there.
  await expect.poll(there).toBe(true);
  await studio.app.evaluate(({ Menu }, id) => {
    Menu.getApplicationMenu()?.getMenuItemById(id)?.click();
  }, action);
}

test('the first steps come at the first start, lead to their pages, and can be left', async () => {
  const { page } = studio;
  await page.getByRole('heading', { name: 'Train something small' }).waitFor();
  expect(await accessibilityFaults(page)).toEqual([]);
  await page.getByRole('button', { name: 'Next' }).press('Enter');
  await page.getByRole('heading', { name: 'Watch it learn' }).waitFor();
  await page.getByRole('button', { name: 'Next' }).press('Enter');
  await page.getByRole('link', { name: 'Take me there' }).press('Enter');
  await page.getByRole('heading', { name: 'Adapters', exact: true }).waitFor();
  await page.getByRole('button', { name: 'Close' }).press('Enter');
  await choose('tour');
  await page.getByRole('heading', { name: 'Train something small' }).waitFor();
  await page.getByRole('button', { name: 'Skip' }).press('Enter');
});

test('the palette opens from the menu, finds by letters, and goes where Enter says', async () => {
  const { page } = studio;
  await choose('find');
  const field = page.getByRole('combobox', { name: 'Pages, actions, runs and adapters' });
  await field.waitFor();
  expect(await accessibilityFaults(page)).toEqual([]);
  await field.fill('dark');
  await field.press('Enter');
  expect(await page.locator('html').getAttribute('data-theme')).toBe('dark');
  await page.keyboard.press('Control+K');
  await field.fill('no page of this name');
  await page.getByText('Nothing is called that.').waitFor();
  await field.press('Escape');
  // Not only hidden: it is open until its page has heard that it closed.
  await page.locator('dialog[aria-label="Find"]').waitFor({ state: 'detached' });
  await choose('find');
  await field.fill('com');
  await page.getByRole('option', { name: 'Compose' }).waitFor();
  await field.press('ArrowDown');
  await field.press('Enter');
  await page.getByRole('heading', { name: 'Compose', exact: true }).waitFor();
});

test('what the desktop told of is shown: its run', async () => {
  const { app, page } = studio;
  await app.evaluate(({ BrowserWindow }) => {
    BrowserWindow.getAllWindows()[0]?.webContents.send('lorikeet:event', {
      kind: 'show-run',
      id: 7,
    });
  });
  await page.waitForFunction(() => location.hash === '#/run/7');
});

test('the log is read where it went wrong, searched, and shown newest first', async () => {
  const { page, home } = studio;
  const lines = ['2026-11-27T10:00:00.000Z first: it broke', '    at a.js:1'];
  lines.push('2026-11-27T10:01:00.000Z second: it broke again', '');
  appendFileSync(join(home, 'lorikeet.log'), lines.join('\n'));
  await choose('log');
  await page.getByText('second: it broke again').waitFor();
  await page.getByRole('searchbox', { name: 'Search the log' }).fill('a.js');
  await page.getByText('second: it broke again').waitFor({ state: 'detached' });
  await page.getByText('Where in the program').click();
  await page.getByText('at a.js:1').waitFor();
});

test('what it is made of is listed with its terms, and the page is there again at the next start', async () => {
  await choose('about');
  const { page } = studio;
  await page.getByRole('heading', { name: 'About Lorikeet' }).waitFor();
  for (const name of ['svelte', 'zod', 'better-sqlite3', 'Electron', 'TensorFlow'])
    await page.locator('summary', { hasText: name }).first().waitFor();
  await page.locator('summary', { hasText: 'TensorFlow' }).click();
  await page.getByText('Apache License').first().waitFor();
  studio = await restarted();
  await studio.page.getByRole('heading', { name: 'About Lorikeet' }).waitFor();
  expect(await studio.page.getByRole('button', { name: 'Skip' }).count()).toBe(0);
  expect(await studio.page.locator('html').getAttribute('data-theme')).toBe('dark');
});
