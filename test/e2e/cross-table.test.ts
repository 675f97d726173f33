/** The cross-domain table in Compare: rows and columns are chosen, the engine fills it, and it is there when one comes back. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { beforeAll, expect, test } from 'vitest';
import { accessibilityFaults } from './accessible.ts';
import { choose, startRun } from './choose.ts';
import { sharedStudio, type SharedStudio } from './shared-studio.ts';
import { invoke, tinyRun } from './tiny-run.ts';

let studio: SharedStudio;
let page: Page;
let card: Locator;

/** Trains an adapter that answers everything with one word. */
async function train(word: string): Promise<void> {
  const data = join(studio.home, `${word}.jsonl`);
  const line = (n: number) => JSON.stringify({ prompt: `say ${n}`, completion: word });
  writeFileSync(data, Array.from({ length: 12 }, (_, n) => line(n)).join('\n'));
  const config = { ...tinyRun(studio.home, 30, word), data, batchSize: 2, learningRate: 0.02 };
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
  card = page.getByRole('region', { name: 'Cross-domain table' });
});

const cellsOf = (row: string) =>
  card.getByRole('row').filter({ has: page.getByRole('rowheader', { name: row, exact: true }) });

test('the newest adapters and their own files are suggested; one file alone makes no table', async () => {
  await train('one');
  await train('two');
  await page.getByRole('link', { name: 'Compare' }).click();
  const chosen = card.getByRole('checkbox', { checked: true });
  await expect.poll(() => chosen.count()).toBe(5);
  const file = card.getByRole('checkbox', { name: 'one.jsonl' });
  await file.press('Space');
  const start = card.getByRole('button', { name: 'Evaluate' });
  expect(await start.isDisabled()).toBe(true);
  await card.getByText('Choose two data files at least').waitFor();
  await file.press('Space');
  expect(await start.isDisabled()).toBe(false);
  // A box that is out of sight and focused must not scroll the page out of its frame.
  expect(await page.evaluate(() => document.scrollingElement?.scrollTop)).toBe(0);
});

test('each adapter is best on its own data, where it is always right', async () => {
  await card.getByRole('spinbutton', { name: 'Answers of each file' }).fill('5');
  await card.getByRole('button', { name: 'Evaluate' }).click();
  await card.getByRole('table').waitFor({ timeout: 120_000 });
  // Columns are in the order of choice: two.jsonl, then one.jsonl.
  await card.getByText('Exact match', { exact: true }).click();
  await card.getByText('5 of 12 examples').first().waitFor();
  const cells = (row: string) => cellsOf(row).getByRole('cell').allInnerTexts();
  const plain = (texts: string[]) => texts.map((text) => text.replace(/\s+/g, ' ').trim());
  expect(plain(await cells('Base alone'))).toEqual(['0 %', '0 %']);
  expect(plain(await cells('one'))).toEqual(['0 %', '100.0 % best learnt from it']);
  expect(plain(await cells('two'))).toEqual(['100.0 % best learnt from it', '0 %']);
  await card.getByText('Loss', { exact: true }).click();
  await card.getByText('nats per token, lower is better').waitFor();
  expect(await cellsOf('Base alone').innerText()).not.toContain('best');
});

test('it is there when one comes back, and can be read in light and dark', async () => {
  await page.getByRole('link', { name: 'Adapters' }).click();
  await page.getByRole('link', { name: 'Compare' }).click();
  await card.getByRole('table').waitFor();
  for (const theme of ['Light', 'Dark']) {
    await page.getByRole('radio', { name: theme, exact: true }).check({ force: true });
    expect(await accessibilityFaults(page)).toEqual([]);
  }
});

test('a file with no examples for the task is said by its name, and the last table stays', async () => {
  const path = join(studio.home, 'empty.jsonl');
  writeFileSync(path, '');
  await choose(studio, path);
  const ids = (await invoke(page, 'adapters.list', undefined)).map(({ id }) => id);
  const asked = invoke(page, 'tables.evaluate', {
    ...{ adapters: ids, base: true, data: [path, join(studio.home, 'one.jsonl')] },
    ...{ limit: null, answers: 0, sequenceLength: 64 },
  });
  await expect(asked).rejects.toThrow(path);
  expect(await card.getByRole('table').count()).toBe(1);
  expect(studio.complaints).toEqual([]);
});
