/** The form of a new run: the learning rate is found and taken, settings are saved by name, and earlier runs fill it in. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { accessibilityFaults } from './accessible.ts';
import { startRun } from './choose.ts';
import { coveredByFoot } from './covered.ts';
import { restarted, sharedStudio, type SharedStudio } from './shared-studio.ts';
import { fillTinyForm } from './tiny-form.ts';
import { invoke, tinyRun } from './tiny-run.ts';

let studio: SharedStudio;
beforeAll(async () => {
  studio = await sharedStudio();
});

test('in a small window the keyboard comes to nothing that the foot of the form covers', async () => {
  const { page } = studio;
  await page.setViewportSize({ width: 1000, height: 700 });
  await fillTinyForm(studio, 60);
  await page.getByText('Memory at the peak').waitFor();
  const name = page.getByRole('textbox', { name: 'Name of the run' });
  expect(await coveredByFoot(page)).toEqual([]);
  // Who types in the foot stays at the place of the form that is being looked at.
  const scrolled = () => page.locator('main').evaluate((main) => main.scrollTop);
  await page.locator('main').evaluate((main) => {
    main.scrollTo(0, 0);
  });
  await name.focus();
  await page.keyboard.type('lamp');
  expect(await scrolled()).toBe(0);
  // A window that is loaded again has the form as it was.
  const grid = page.getByRole('grid', { name: 'Target modules' });
  await grid.getByRole('gridcell', { name: 'q_proj, layer 0' }).press(' ');
  const card = page.getByRole('region', { name: 'Several values' });
  await card.getByLabel('Setting with several values').selectOption('Learning rate');
  await page.reload();
  await page.getByText('Memory at the peak').waitFor();
  expect([
    await name.inputValue(),
    await page.getByLabel('Steps', { exact: true }).inputValue(),
  ]).toEqual(['lamp', '60']);
  await card.getByRole('textbox', { name: 'Learning rate' }).waitFor();
  await card.getByRole('button', { name: /Learning rate/ }).click();
  await grid.getByRole('gridcell', { name: 'q_proj, layer 0', selected: false }).press(' ');
  await name.fill('');
});

test('rates are tried at once and drawn, the best is told with its evidence and taken with one key', async () => {
  const { page } = studio;
  await fillTinyForm(studio, 60);

  await page.getByRole('button', { name: 'Find the rate…' }).press('Enter');
  const search = page.getByRole('region', { name: 'Find the learning rate' });
  await search.getByText('arXiv 2602.04998').waitFor();
  await search.getByLabel('Rates to try').fill('1e-6, 5e-3, 1e30');
  await search.getByText('About as long as 150 steps of the run.').waitFor();
  await search.getByRole('button', { name: 'Try these rates' }).press('Enter');
  await search.getByText(/Trying learning rates, \d+ of 50/).waitFor({ timeout: 60_000 });
  const row = (rate: string) => search.getByRole('row').filter({ hasText: rate });
  await row('0.005').getByText('best').waitFor({ timeout: 60_000 });
  await row('1.0e30').getByText('ended: The loss became').waitFor();
  const chart = search.getByRole('img', { name: /^Learning rates\. 1\.0e−6 from/ });
  expect(await chart.getAttribute('aria-label')).toMatch(
    /0\.005 from .* at Step 1 to .* at Step 50/,
  );
  expect(await accessibilityFaults(page)).toEqual([]);

  await search.getByRole('button', { name: 'Take 0.005' }).press('Enter');
  await row('0.005').getByText('taken').waitFor();
  expect(await page.getByLabel('Learning rate', { exact: true }).inputValue()).toBe('0.005');
  expect(await invoke(page, 'runs.list', undefined)).toEqual([]);
  expect(studio.complaints).toEqual([]);
});

test('the form is filled in from a run, which is taken back, and from a preset, which outlives the studio', async () => {
  const { page, home } = studio;
  const { id } = await startRun(studio, { ...tinyRun(home, 1, 'lamp'), seed: 11 });
  await page.evaluate((number) => {
    location.hash = `#/run/${number}`;
  }, id);
  await page.getByRole('button', { name: 'Start from this run' }).press('Enter');
  const filled = page.getByRole('status').filter({ hasText: 'Filled in from' });
  await filled.filter({ hasText: 'lamp' }).waitFor();
  const value = (name: string) => page.getByLabel(name, { exact: true }).inputValue();
  expect([await value('Name of the run'), await value('Steps')]).toEqual(['lamp', '1']);
  await filled.getByRole('button', { name: 'Take back' }).press('Enter');
  await filled.waitFor({ state: 'detached' });
  // As it was: see the test before.
  expect([await value('Steps'), await value('Learning rate')]).toEqual(['60', '0.005']);

  await page.getByRole('button', { name: 'Presets and earlier runs…' }).press('Enter');
  const dialog = page.getByRole('dialog', { name: 'Fill in the form' });
  await dialog.getByLabel('Name of the preset').fill('tiny');
  await dialog.getByLabel('Name of the preset').press('Enter');
  await dialog.getByText('rank 8, alpha 16, rate 0.005, 60 steps').waitFor();
  await dialog.getByRole('button', { name: 'Use lamp' }).waitFor();
  expect(await accessibilityFaults(page)).toEqual([]);
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Usual settings' }).press('Enter');
  expect(await value('Learning rate')).toBe('0.0002');

  // Presets are there after a restart, which asks first while something trains.
  const state = async () => (await invoke(page, 'runs.some', { ids: [id] }))[0]?.state;
  await expect.poll(state, { timeout: 60_000 }).toBe('finished');
  studio = await restarted();
  await studio.page.getByRole('link', { name: 'New run' }).first().click();
  await studio.page.getByRole('button', { name: 'Presets and earlier runs…' }).press('Enter');
  const again = studio.page.getByRole('dialog', { name: 'Fill in the form' });
  await again.getByRole('button', { name: 'Use tiny' }).press('Enter');
  expect(await studio.page.getByLabel('Learning rate', { exact: true }).inputValue()).toBe('0.005');
  await studio.page.getByRole('button', { name: 'Presets and earlier runs…' }).press('Enter');
  await again.getByRole('button', { name: 'Remove tiny' }).press('Enter');
  await again.getByText('tiny was removed.').waitFor();
  expect((await invoke(studio.page, 'settings.get', undefined)).presets).toEqual([]);
  await again.getByRole('button', { name: 'Put it back' }).press('Enter');
  await again.getByRole('button', { name: 'Use tiny' }).waitFor();
});

test('a cell of the grid gets its own rank by keyboard, which PEFT finds in the adapter', async () => {
  const { page, home } = studio;
  const config = tinyRun(home, 4, 'plain');
  const { id } = await startRun(studio, config);
  await invoke(page, 'models.add', { path: config.model });
  const run = async (number: number) =>
    (await invoke(page, 'runs.some', { ids: [number] }))[0] ?? null;
  await expect.poll(async () => (await run(id))?.state, { timeout: 60_000 }).toBe('finished');
  await page.evaluate((number) => {
    location.hash = `#/run/${number}`;
  }, id);
  await page.getByRole('button', { name: 'Start from this run' }).press('Enter');
  // A rank costs 3,360 parameters here.
  const fill = async (budget: string, by: string | RegExp) => {
    await page.getByLabel('Budget of parameters').fill(budget);
    const share = page.getByLabel('How the budget is shared');
    await share.selectOption({ label: await share.getByText(by).innerText() });
    await page.getByRole('button', { name: 'Fill the ranks' }).press('Enter');
    await page.getByRole('status').filter({ hasText: 'Alpha stays' }).waitFor();
  };
  const rank = page.getByLabel('Rank', { exact: true });
  await fill('7000', 'the same rank in every cell');
  await expect.poll(() => rank.inputValue()).toBe('2');
  await fill('20000', 'more where plain changed more');
  await page.getByText(/^(1\d,\d{3}|20,000) trainable parameters/).waitFor();
  expect(await page.getByLabel('How the budget is shared').inputValue()).toBe(String(id));
  await page.getByText('Set own rank and alpha').click();
  await page.getByRole('button', { name: 'Give all cells the same again' }).press('Enter');
  await rank.fill('8');
  await page.getByLabel('Own rank', { exact: true }).fill('2');
  await page.getByLabel('Own alpha', { exact: true }).fill('8');
  const grid = page.getByRole('grid', { name: 'Target modules' });
  const cell = (name: string) => grid.getByRole('gridcell', { name });
  await cell('q_proj, layer 0').press(' ');
  await cell('q_proj, layer 0: rank 2, alpha 8, its own').press('Shift+ArrowRight');
  await cell('q_proj, layer 1: rank 2, alpha 8, its own').press('+');
  await cell('q_proj, layer 1: rank 4, alpha 8, its own').waitFor();
  await grid.getByRole('rowheader', { name: 'v_proj' }).press('Enter');
  await page.getByText('5 cells have values of their own.').waitFor();
  expect(await accessibilityFaults(page)).toEqual([]);
  await page.getByRole('button', { name: 'Start training' }).press('Enter');
  await page.waitForURL(/#\/run\/\d+$/);
  const second = Number(page.url().split('/').at(-1));
  await expect.poll(async () => (await run(second))?.state, { timeout: 60_000 }).toBe('finished');
  const path = join((await run(second))?.output ?? '', 'adapter_config.json');
  const layer = (n: number) => String.raw`model\.layers\.${String(n)}\.self_attn\.q_proj`;
  expect(JSON.parse(readFileSync(path, 'utf8'))).toMatchObject({
    ...{ r: 8, lora_alpha: 16 },
    rank_pattern: { [layer(0)]: 2, [layer(1)]: 4, v_proj: 2 },
    alpha_pattern: { [layer(0)]: 8, [layer(1)]: 8, v_proj: 8 },
  });
});
