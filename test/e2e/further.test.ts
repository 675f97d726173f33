/** Training an adapter further: from its page to the form, to a run that starts from it, and to a chain of two trainings. */
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

async function ended(id: number): Promise<void> {
  const state = async () => {
    const runs = await invoke(page, 'runs.list', undefined);
    return runs.find((run) => run.id === id)?.state;
  };
  await expect.poll(state, { timeout: 90_000 }).toBe('finished');
}

test('an adapter is trained further in its own form, and the new one tells the chain', async () => {
  const first = tinyRun(studio.home, 2, 'first');
  const targets = ['q_proj', 'v_proj'].map((module) => ({ module, layers: 'all' as const }));
  const lora = { ...first.lora, rank: 5, alpha: 7, useRslora: true, targets };
  const { id } = await startRun(studio, { ...first, lora });
  await ended(id);
  await invoke(page, 'datasets.inspect', {
    ...{
      path: first.data,
      columns: [],
      model: null,
      held: { validation: { kind: 'none' }, seed: 0 },
      sequenceLength: 64,
    },
    ...{ task: 'causal-lm', problem: 'auto', thinking: 'auto' },
  });
  await page.getByRole('link', { name: 'Adapters' }).click();
  await page.getByRole('button', { name: 'Train further' }).press('Enter');
  await page.getByRole('heading', { name: 'New run' }).waitFor();
  const value = (name: string) => page.getByLabel(name, { exact: true }).inputValue();
  expect([await value('Rank'), await value('Alpha')]).toEqual(['5', '7']);
  const card = page.getByRole('region', { name: 'Adapter', exact: true });
  await card.getByRole('link', { name: 'first' }).waitFor();
  expect(await accessibilityFaults(page)).toEqual([]);

  await card.getByRole('button', { name: 'Start anew' }).press('Enter');
  await card.getByRole('button', { name: 'Start from an adapter…' }).waitFor();
  expect(await card.getByRole('link', { name: 'first' }).count()).toBe(0);
  await page.getByRole('link', { name: 'Adapters' }).click();
  await page.getByRole('button', { name: 'Train further' }).press('Enter');
  await card.getByRole('link', { name: 'first' }).waitFor();

  await page.getByLabel('Data file', { exact: true }).selectOption({ label: 'tiny · 16 examples' });
  await page.getByLabel('Sequence length', { exact: true }).fill('64');
  await page.getByRole('button', { name: 'Start training' }).press('Enter');
  await page.waitForURL(/#\/run\/\d+$/);
  await page.getByRole('term').filter({ hasText: 'Starts from' }).waitFor();
  const runs = await invoke(page, 'runs.list', undefined);
  const second = runs.find((run) => run.id !== id);
  const [adapter] = await invoke(page, 'adapters.list', undefined);
  expect(second?.config).toMatchObject({ fromAdapter: adapter?.path, lora: { rank: 5, targets } });
  await ended(second?.id ?? 0);

  await page.getByRole('link', { name: 'Adapters' }).click();
  const chain = page.getByRole('region', { name: 'Where it came from' });
  const start = chain.getByRole('list', { name: 'Started from' });
  await start.getByRole('link', { name: 'first' }).waitFor();
  await start.locator('summary', { hasText: 'Training, 2 steps' }).press('Enter');
  await start.getByRole('heading', { name: 'Training, 2 steps' }).waitFor();
});
