/** What the page of a run has beside its curves: what was forgotten, how answers changed, what a person notes, and which ranks come next. */
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { accessibilityFaults } from './accessible.ts';
import { startRun } from './choose.ts';
import { root } from './launch.ts';
import { sharedStudio, type SharedStudio } from './shared-studio.ts';
import { invoke, tinyRun } from './tiny-run.ts';

let studio: SharedStudio;
beforeAll(async () => {
  studio = await sharedStudio();
});

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
  const generalText = { kind: 'own' } as const;
  const one = await startRun(studio, { ...tinyRun(home, 3, 'first'), generalText });
  const other = { ...tinyRun(home, 3, 'second'), generalText };
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
  const results = shown('Results');
  await results.getByRole('columnheader', { name: 'Forgetting, nats' }).waitFor();
  await results
    .getByRole('row', { name: /^second/ })
    .getByRole('cell', { name: figure })
    .waitFor();
  expect(studio.complaints).toEqual([]);
});

test('answers under way are gone through step by step, and asked for again in a new run', async () => {
  const { page, home } = studio;
  const prompts = ['say 3', 'say something else'];
  const config = tinyRun(home, 6, 'watched');
  const { id } = await startRun(studio, {
    ...config,
    ...{ watched: { kind: 'typed', prompts }, answerEvery: 2, answerTokens: 8 },
    ...{ learningRate: 1e-2, warmupSteps: 0 },
  });
  await showEnd(id);
  // Out of the store, too, as what it was told is.
  await page.reload();
  await page.getByRole('list', { name: 'Notices' }).getByText('Base in memory: Dense').waitFor();
  const card = shown('Answers under way');
  for (const prompt of prompts) await card.getByText(prompt, { exact: true }).waitFor();
  const after = (step: number) => card.getByRole('region', { name: `After step ${step}` });
  expect(await after(6).count()).toBe(2);
  const last = await after(6).first().innerText();
  const slider = card.getByRole('slider', { name: 'Round of answers' });
  await slider.press('Home');
  await after(0).first().waitFor();
  const base = await card
    .getByRole('region', { name: 'Base model' })
    .first()
    .locator('p')
    .innerText();
  expect(await after(0).first().locator('p').innerText()).toBe(base);
  await slider.press('ArrowRight');
  await after(2).first().waitFor();
  await card.getByText(/^\d of 2 answers are others than after step 0\.$/).waitFor();
  await slider.press('End');
  expect(await after(6).first().innerText()).toBe(last);
  for (const theme of ['Dark', 'Light']) {
    await page.getByRole('radio', { name: theme, exact: true }).check({ force: true });
    expect(await accessibilityFaults(page)).toEqual([]);
  }
  await page.getByRole('button', { name: 'Start from this run' }).click();
  await page.getByText('More training settings').click();
  expect(await page.getByRole('textbox', { name: 'Prompts' }).inputValue()).toBe(
    prompts.join('\n'),
  );
  expect(await page.getByRole('spinbutton', { name: 'Answer every' }).inputValue()).toBe('2');
  expect(await accessibilityFaults(page)).toEqual([]);
  expect(studio.complaints).toEqual([]);
});

async function remarks(id: number): Promise<unknown> {
  const [run] = await invoke(studio.page, 'runs.some', { ids: [id] });
  return [run?.notes, run?.tags];
}

test('notes and tags are kept as they are typed, shown in the list, and found', async () => {
  const { page, home } = studio;
  const { id } = await startRun(studio, tinyRun(home, 1, 'noted'));
  await showEnd(id);
  const card = shown('Notes');
  await card.getByRole('textbox', { name: 'Notes' }).fill('Falls too quickly.');
  await card.getByRole('textbox', { name: 'Tags' }).fill('baseline, to keep, Baseline');
  await card.getByText('Kept.').waitFor();
  await expect.poll(() => remarks(id)).toEqual(['Falls too quickly.', ['baseline', 'to keep']]);
  expect(await accessibilityFaults(page)).toEqual([]);
  // A tag that is too long keeps nothing else from being kept.
  const tags = card.getByRole('textbox', { name: 'Tags' });
  const typed = await tags.inputValue();
  await tags.fill('x'.repeat(41));
  await card.getByRole('textbox', { name: 'Notes' }).fill('Falls quickly.');
  await card.getByText('Kept, but for the tags.').waitFor();
  await expect.poll(() => remarks(id)).toEqual(['Falls quickly.', ['baseline', 'to keep']]);
  await tags.fill(typed);
  await card.getByText('Kept.', { exact: true }).waitFor();
  // So is what is half typed when the page goes.
  await card.getByRole('textbox', { name: 'Notes' }).fill('Falls too');
  await page.evaluate(() => {
    location.hash = '#/runs';
  });
  await expect.poll(() => remarks(id)).toEqual(['Falls too', ['baseline', 'to keep']]);
  await showEnd(id);
  // What is left at once is kept as well.
  await card.getByRole('textbox', { name: 'Notes' }).fill('Falls far too quickly.');
  await page.getByRole('link', { name: 'Runs' }).click();
  await page.getByRole('searchbox').fill('keep falls');
  const row = page.getByRole('row', { name: /^noted/ });
  await row.getByText('Falls far too quickly.').waitFor();
  const listed = row.getByRole('list', { name: 'Tags of noted' }).getByRole('listitem');
  expect(await listed.allInnerTexts()).toEqual(['baseline', 'to keep']);
  await page.getByRole('row', { name: /^first/ }).waitFor({ state: 'detached' });
  expect(await accessibilityFaults(page)).toEqual([]);
  expect(studio.complaints).toEqual([]);
});

test('ranks for the next run are told with the reason, and fill the form of one', async () => {
  const { page, home } = studio;
  const config = tinyRun(home, 30, 'ranked');
  // One module is scaled so far up that it does most of the work.
  const lora = { ...config.lora, alphaPattern: { v_proj: 400 } };
  const { id } = await startRun(studio, { ...config, lora });
  await showEnd(id);
  const card = shown('Ranks for the next run');
  await card.getByText(/is not in the library/).waitFor();
  await invoke(page, 'models.add', { path: join(root, 'test/fixtures/models/tiny-tied') });
  await card.getByText(/^\d+ of 7 would have another rank, with /).waitFor();
  await card.getByText('The ranks and why').click();
  const rows = card.getByRole('row');
  expect(await rows.count()).toBe(1 + 7);
  const others = await card.locator('tr:has(td.other)').all();
  const [first] = others;
  if (!first) throw new Error('no module has another rank');
  const module = await first.getByRole('rowheader').innerText();
  const rank = await first.locator('td.other').innerText();
  await page.getByRole('radio', { name: 'Light', exact: true }).check({ force: true });
  expect(await accessibilityFaults(page)).toEqual([]);
  await card.getByText('By module and layer', { exact: true }).click();
  expect(await rows.count()).toBe(1 + 21);
  await card.getByText('By module', { exact: true }).click();
  await card.getByRole('button', { name: 'Use them in a new run' }).click();
  await page.getByText('More adapter settings').click();
  const own = page.getByRole('heading', { name: 'Own ranks' });
  await own.waitFor();
  await page.getByText(new RegExp(`${module}: ${rank}$`)).waitFor();
  expect(await accessibilityFaults(page)).toEqual([]);
  expect(studio.complaints).toEqual([]);
});
