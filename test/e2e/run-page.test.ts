/** What the page of a run has beside its curves: what was forgotten. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { accessibilityFaults } from './accessible.ts';
import { startRun } from './choose.ts';
import { launchStudio, type LaunchedStudio } from './launch.ts';
import { tinyRun } from './tiny-run.ts';

let studio: LaunchedStudio;
beforeAll(async () => {
  studio = await launchStudio();
});
afterAll(() => studio.quit());

/** Opens the page of a run, and waits for its end. */
async function showEnd(id: number): Promise<void> {
  const { page } = studio;
  await page.evaluate((hash) => {
    location.hash = hash;
  }, `#/run/${id}`);
  await page.getByRole('button', { name: 'Export…' }).waitFor({ timeout: 120_000 });
}

const shown = (name: string) => studio.page.getByRole('region', { name, exact: true });

test('what a run has forgotten is on its page, and in Compare beside another run', async () => {
  const { page, home } = studio;
  const one = await startRun(studio, tinyRun(home, 3, 'first'));
  const other = tinyRun(home, 3, 'second');
  const two = await startRun(studio, { ...other, learningRate: 1e-2, warmupSteps: 0 });
  await showEnd(one.id);
  const card = shown('Forgetting');
  await card.getByText('Before, the base alone').waitFor();
  await card.getByText(/^Each token of the text is .* than before, on average\.$/).waitFor();
  await showEnd(two.id);
  const figure = await card.locator('dd').nth(2).locator('.value').innerText();
  expect(figure).toMatch(/^[+−]\d/);
  for (const theme of ['Dark', 'Light']) {
    await page.getByRole('radio', { name: theme, exact: true }).check({ force: true });
    expect(await accessibilityFaults(page)).toEqual([]);
  }
  await page.evaluate((hash) => {
    location.hash = hash;
  }, '#/compare');
  const chooser = page.getByRole('group', { name: 'Runs to compare' });
  for (const name of ['first', 'second']) await chooser.getByLabel(name).check({ force: true });
  const row = page.getByRole('row', { name: /^Forgetting, nats/ });
  await row.getByRole('cell', { name: figure }).waitFor();
  expect(studio.complaints).toEqual([]);
});
