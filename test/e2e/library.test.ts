/** The library: models of other programs found and trained where they lie, whether they fit, and entries removed without their files. */
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  configOf,
  filesOf,
  ggufOf,
  hubRepository,
  ollamaLayer,
  ollamaTag,
} from '../support/model-places.ts';
import { faultsInBothThemes } from './accessible.ts';
import { choose } from './choose.ts';
import { launchStudio, temporaryHome, type LaunchedStudio } from './launch.ts';
import { invoke, tinyRun } from './tiny-run.ts';

const minute = 60_000;
let studio: LaunchedStudio;
let page: Page;
let snapshot: string;

beforeAll(async () => {
  const home = temporaryHome();
  const [hub, ollama] = [join(home, 'hub'), join(home, 'ollama')];
  snapshot = hubRepository(hub, 'org/tiny', 'a'.repeat(40), filesOf('tiny-tied'));
  const gptq = configOf('tiny-tied', { quantization_config: { quant_method: 'gptq' } });
  hubRepository(hub, 'org/gptq', 'b'.repeat(40), filesOf('tiny-tied', { 'config.json': gptq }));
  const blob = ollamaLayer(ollama, 'model', readFileSync(ggufOf('tiny-qwen3')));
  ollamaTag(ollama, 'registry.ollama.ai/library/small/1b', { layers: [blob] });
  Object.assign(process.env, { HF_HUB_CACHE: hub, OLLAMA_MODELS: ollama });
  studio = await launchStudio(home);
  ({ page } = studio);
  await page.getByRole('link', { name: 'Library', exact: true }).click();
});
afterAll(() => studio.quit());

const region = (name: string) => page.getByRole('region', { name, exact: true });
const row = (card: string, name: string) =>
  region(card)
    .getByRole('listitem')
    .filter({ has: page.getByText(name, { exact: true }) });

test('what is on this computer is shown with what it is and whether it fits, and the rest with the reason', async () => {
  const found = 'Found on this computer';
  await row(found, 'org/tiny').waitFor({ timeout: minute });
  expect(await row(found, 'org/tiny').innerText()).toMatch(
    /Hugging Face cache[^]*llama · 148.* parameters · [^]*F32[^]*Fits\nabout [\d.]+\sMiB to train, .* free/,
  );
  expect(await row(found, 'small:1b').innerText()).toMatch(/Ollama[^]*qwen3[^]*Fits/);
  await region(found).getByText('that cannot be trained, and why').click();
  expect(await row(found, 'org/gptq').innerText()).toContain(
    'quantised in a way that Lorikeet does not read: gptq',
  );
  await row(found, 'org/gptq').getByLabel('Details of org/gptq').click();
  await row(found, 'org/gptq').getByText('checkpoint/quantised-otherwise').waitFor();
  expect(await faultsInBothThemes(page)).toEqual([]);
});

test('one is trained with a click where it lies; removed from the library, its files stay and it is found again', async () => {
  await page.getByRole('button', { name: 'Train org/tiny' }).press('Enter');
  const model = page.getByRole('combobox', { name: 'Model', exact: true });
  await page.getByRole('heading', { name: 'New run', exact: true }).waitFor();
  expect(await model.inputValue()).toBe(snapshot);
  await page.getByRole('link', { name: 'Library', exact: true }).click();
  const own = row('Models', 'org/tiny');
  await own.getByLabel('Details of org/tiny').click();
  await own.getByRole('button', { name: 'Work out the memory exactly' }).press('Enter');
  await own.getByText(/With the usual settings, the base Dense: ≈/).waitFor({ timeout: minute });

  await own.getByRole('button', { name: 'Remove org/tiny from the library' }).press('Enter');
  await page
    .getByRole('dialog')
    .getByRole('button', { name: 'Remove from the library' })
    .press('Enter');
  await row('Found on this computer', 'org/tiny').waitFor();
  expect(await own.count()).toBe(0);
  expect(existsSync(join(snapshot, 'model.safetensors'))).toBe(true);
});

test('data files have their counts; one that is gone says so and is removed, one that is there stays on the disk', async () => {
  const { data, columns } = tinyRun(studio.home, 1);
  await choose(studio, data);
  const asked = { task: 'causal-lm', problem: 'auto', thinking: 'auto' } as const;
  const held = { validation: { kind: 'none' }, seed: 0 } as const;
  const request = { path: data, columns, model: null, sequenceLength: 64, held, ...asked };
  await invoke(page, 'datasets.inspect', request);
  await row('Data', 'tiny').getByText('16 examples when it was last read').waitFor();
  rmSync(data);
  await page.getByRole('button', { name: 'Look again' }).press('Enter');
  await row('Data', 'tiny').getByText('The file is no longer there').waitFor();
  expect(await page.getByRole('button', { name: 'Train on tiny' }).isDisabled()).toBe(true);
  await page.getByRole('button', { name: 'Remove tiny from the library' }).press('Enter');
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Remove from the library' }).press('Enter');
  await expect.poll(() => row('Data', 'tiny').count()).toBe(0);
  expect(studio.complaints).toEqual([]);
});
