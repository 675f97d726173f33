/** How a base is held: chosen in the form, told with the run, and kept with the adapter. */
import type { Page } from 'playwright-core';
import { beforeAll, expect, test } from 'vitest';
import { accessibilityFaults } from './accessible.ts';
import { startRun } from './choose.ts';
import { sharedStudio, type SharedStudio } from './shared-studio.ts';
import { invoke, tinyRun } from './tiny-run.ts';

let studio: SharedStudio;
let page: Page;
beforeAll(async () => {
  studio = await sharedStudio();
  ({ page } = studio);
});

test('the form explains the chosen form, and offers double quantisation where NF4 may be taken', async () => {
  await page.getByRole('link', { name: 'New run', exact: true }).click();
  await page.getByText('More training settings').click();
  const base = page.getByRole('combobox', { name: 'Base in memory' });
  const double = page.getByRole('checkbox', { name: 'Double quantisation' });
  await double.waitFor();
  await base.selectOption('int8');
  await page.getByText('a scale for each row').waitFor();
  expect(await double.count()).toBe(0);
  await base.selectOption('nf4');
  await page.getByText('as QLoRA does').waitFor();
  await double.check();
  expect(await accessibilityFaults(page)).toEqual([]);
});

test('run and adapter say how it was held', async () => {
  const config = { ...tinyRun(studio.home, 2), base: 'nf4', doubleQuant: true } as const;
  const { id } = await startRun(studio, config);
  const state = async () => {
    const runs = await invoke(page, 'runs.list', undefined);
    return runs.find((run) => run.id === id)?.state;
  };
  await expect.poll(state, { timeout: 90_000 }).toBe('finished');
  const said = page.getByText('NF4, 4 bits, double quantisation', { exact: true });
  await page.getByRole('link', { name: 'Runs', exact: true }).click();
  await page.getByRole('link', { name: 'tiny', exact: true }).click();
  await page.getByText('Base in memory', { exact: true }).waitFor();
  await said.waitFor();
  await page.getByRole('link', { name: 'Adapters' }).click();
  await page.getByText('Base held', { exact: true }).waitFor();
  await said.first().waitFor();
});
