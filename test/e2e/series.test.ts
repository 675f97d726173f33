/** Several values of a setting are begun together, halved by their validation losses, drawn live and compared. */
import { beforeAll, expect, test } from 'vitest';
import { accessibilityFaults } from './accessible.ts';
import { startRun } from './choose.ts';
import { sharedStudio, type SharedStudio } from './shared-studio.ts';
import { fillTinyForm } from './tiny-form.ts';
import { endless, invoke, tinyRun } from './tiny-run.ts';

declare global {
  interface Window {
    /** The runs whose steps came live. */
    seen: number[];
  }
}

let studio: SharedStudio;
beforeAll(async () => {
  studio = await sharedStudio();
});

test('a series is made in the form, and the best of it is left', async () => {
  const { page } = studio;
  await page.evaluate(() => {
    window.seen = [];
    window.lorikeet.onLiveEvent(({ runId, event }) => {
      if (event.kind === 'step') window.seen.push(runId);
    });
  });
  await fillTinyForm(studio, 40);
  await page.getByLabel('Name of the run', { exact: true }).fill('lamps');

  const card = page.getByRole('region', { name: 'Several values' });
  await card.getByLabel('Setting with several values').selectOption('Learning rate');
  const rates = card.getByRole('textbox', { name: 'Learning rate' });
  expect(await rates.inputValue()).toBe('0.0001, 0.0002, 0.0004');
  await rates.fill('1e-9, fast');
  await card.getByText('Numbers with commas between.').first().waitFor();
  await rates.fill('1e-9, 5e-3, 1e-8');
  await page.getByText('None', { exact: true }).first().click();
  await card.getByText('they have no validation data').waitFor();
  await page.getByText('Part of the data', { exact: true }).click();
  await card.getByText(/^3 runs, all trained at once where memory allows\./).waitFor();
  // The data are read anew about now, and what was found before is readable while they are.
  const found = page.locator('[aria-busy]').filter({ hasText: 'Longest example' });
  await found.evaluate((element) => {
    element.classList.add('stale');
  });
  expect(await accessibilityFaults(page)).toEqual([]);
  await page.getByRole('button', { name: 'Start 3 runs' }).press('Enter');
  await page.getByRole('heading', { name: 'Runs', level: 1 }).waitFor();

  const list = async () => (await invoke(page, 'runs.list', undefined)).toReversed();
  await expect
    .poll(async () => (await list()).map(({ state }) => state).sort(), { timeout: 120_000 })
    .toEqual(['finished', 'stopped', 'stopped']);
  const runs = await list();
  const best = runs.find(({ state }) => state === 'finished');
  expect(best).toMatchObject({ name: 'lamps: learning rate 0.005', step: 40 });
  const seen = await page.evaluate(() => window.seen);
  for (const { id, step } of runs) expect(seen.filter((each) => each === id)).toHaveLength(step);

  await page.evaluate(
    (number) => {
      location.hash = `#/run/${number}`;
    },
    runs.find(({ state }) => state === 'stopped')?.id,
  );
  // It did not change itself to go on.
  const happened = page.getByRole('region', { name: 'What happened under way' });
  await happened.getByText('or decided about it').waitFor();
  await happened.getByText(/It was ended by successive halving/).waitFor();
  await page.getByRole('button', { name: 'Compare the series' }).press('Enter');
  await page.getByRole('heading', { name: 'Compare', level: 1 }).waitFor();
  const results = page.getByRole('region', { name: 'Results' });
  for (const { name } of runs) await results.getByText(name, { exact: true }).waitFor();
  expect(await accessibilityFaults(page)).toEqual([]);
  expect(studio.complaints).toEqual([]);
});

test('runs that are trained at once are stopped as one, which is said before', async () => {
  const { page, home } = studio;
  const before = await startRun(studio, tinyRun(home, endless, 'before'));
  const configs = [2, 4].map((rank) => {
    const config = tinyRun(home, endless, `rank ${rank}`);
    return { ...config, lora: { ...config.lora, rank } };
  });
  const [first, second] = await invoke(page, 'runs.series', { configs, halving: false });
  await page.evaluate((number) => {
    location.hash = `#/run/${number}`;
  }, second?.id);
  await page.getByRole('button', { name: 'Pause all 2' }).waitFor();
  await page.getByRole('button', { name: 'Stop all 2' }).press('Enter');
  const dialog = page.getByRole('dialog', { name: 'Stop all 2 runs?' });
  await dialog.getByText('2 runs are trained at once, and all of them end.').waitFor();
  await dialog.getByRole('button', { name: 'Stop now' }).press('Enter');
  const states = async (ids: (number | undefined)[]) =>
    (await invoke(page, 'runs.list', undefined))
      .filter(({ id }) => ids.includes(id))
      .map(({ state }) => state);
  await expect.poll(() => states([first?.id, second?.id])).toEqual(['stopped', 'stopped']);
  await invoke(page, 'runs.stop', { id: before.id });
  await expect.poll(() => states([before.id]), { timeout: 60_000 }).toEqual(['stopped']);
});
