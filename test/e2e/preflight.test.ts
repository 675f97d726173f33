/** Before a run: the data as the model sees it, what is wrong with it, and how much there is to read, remember and wait for. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { beforeAll, expect, test } from 'vitest';
import { trainingDefaults } from '../../src/shared/contract/training-defaults.ts';
import { faultsInBothThemes } from './accessible.ts';
import { answerDialogs, startRun } from './choose.ts';
import { sharedStudio, type SharedStudio } from './shared-studio.ts';
import { invoke, tinyRun } from './tiny-run.ts';

const minute = 60_000;
let studio: SharedStudio;
let page: Page;
beforeAll(async () => {
  studio = await sharedStudio();
  ({ page } = studio);
});

const line = (n: number) => JSON.stringify({ prompt: `say ${n}`, completion: `${n} is said` });

test('the form shows tokens, mask and end of turn, and warns of repeats and of what lies on both sides', async () => {
  const { home } = studio;
  const { model } = tinyRun(home, 1);
  const [data, held] = [join(home, 'twice.jsonl'), join(home, 'held.jsonl')];
  const long = JSON.stringify({ prompt: 'x'.repeat(600), completion: 'y' });
  writeFileSync(data, [1, 2, 3, 1, 4].map(line).join('\n') + `\n${long}\n`);
  writeFileSync(held, [9, 3].map(line).join('\n'));
  await page.getByRole('link', { name: 'New run', exact: true }).click();
  await answerDialogs(studio, model);
  await page.getByRole('button', { name: 'Add folder…' }).press('Enter');
  await page.getByText('Added tiny-tied to the library.').waitFor();
  await answerDialogs(studio, data);
  await page.getByRole('button', { name: 'Choose file…' }).first().press('Enter');
  await page.getByRole('radio', { name: 'Own file' }).press('Space');
  await answerDialogs(studio, held);
  await page.getByRole('button', { name: 'Choose file…' }).nth(1).press('Enter');

  const worth = page.getByRole('list', { name: 'Worth a look' });
  await worth.getByText(/1 example says word for word .* line 4 repeats 1\./).waitFor();
  await worth
    .getByText(/1 validation example of 2 is learnt from, too: its line 2 is line 3/)
    .waitFor();
  await worth.getByText(/16\.7\s% of the sequences are longer than a block/).waitFor();
  const card = page.getByRole('region', { name: 'Data', exact: true });
  expect(await card.innerText()).toMatch(/End of turn\s+100/);

  await card.getByRole('radio', { name: 'As the model sees it' }).press('Space');
  const preview = card.getByRole('region', { name: 'Preview of the data' });
  const learnt = await preview.locator('.token.learnt').allTextContents();
  expect(learnt.join('')).toMatch(/^1 is said<\|.*\|>$/);
  const special = await preview.locator('.token.special').allTextContents();
  expect(special.at(-1)).toMatch(/^<\|.*\|>$/);
  expect(await faultsInBothThemes(page)).toEqual([]);
  // Nothing like it has run here.
  await page.getByText(/steps? · time not known before a run like it/).waitFor();
});

test('after a run of the model, the form says how long such a one takes', async () => {
  const tiny = tinyRun(studio.home, 12, 'first of them');
  const { batchSize, sequenceLength, precision } = trainingDefaults;
  const config = { ...tiny, batchSize, sequenceLength, precision };
  const { id } = await startRun(studio, config);
  const state = async () =>
    (await invoke(page, 'runs.list', undefined)).find((run) => run.id === id)?.state;
  await expect.poll(state, { timeout: 2 * minute }).toBe('finished');
  await page.getByRole('link', { name: 'Library', exact: true }).click();
  await page.getByRole('link', { name: 'New run', exact: true }).click();
  await page
    .getByText(/steps? · about .*s at the pace of “first of them”/)
    .waitFor({ timeout: minute });
  expect(studio.complaints).toEqual([]);
});
