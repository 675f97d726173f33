/**
 * The main job through the window of the packaged application, with the starter model and the runtime that it brings: choose,
 * train, watch, try, export with its proof. Meanwhile no process of it has a socket to another machine.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { exportOrigin, originName } from '../../src/shared/contract/origin.ts';
import { accessibilityFaults } from '../e2e/accessible.ts';
import { invoke } from '../e2e/tiny-run.ts';
import { watchSockets, type Watched } from '../support/sockets.ts';
import { launchPackaged, type PackagedStudio } from './launch.ts';

const minutes = 60_000;
let studio: PackagedStudio;
let page: Page;
let endWatch: () => Watched;
beforeAll(async () => {
  studio = await launchPackaged();
  endWatch = watchSockets(studio.pid, 100);
  ({ page } = studio);
});
afterAll(() => studio.quit());
afterEach(async () => {
  expect(await accessibilityFaults(page)).toEqual([]);
  expect(studio.complaints).toEqual([]);
});

const choose = (group: string, text: string) =>
  page.getByRole('group', { name: group }).getByText(text, { exact: true }).click();
const fill = (name: string, value: string) =>
  page.getByRole('spinbutton', { name, exact: true }).fill(value);

test('a run is set up with the starter model and the sample data', async () => {
  expect(page.url()).toMatch(/^app:\/\//);
  await page.getByRole('link', { name: 'New run' }).click();
  await page
    .getByRole('combobox', { name: 'Model' })
    .selectOption({ label: 'smollm2-135m-instruct' });
  const data = page.getByRole('combobox', { name: 'Data file' });
  const offered = await data.locator('option').allTextContents();
  await data.selectOption(offered.find((text) => text.includes('train')) ?? '');
  await fill('Validation share', '0.2');
  await fill('Rank', '4');
  await page.getByRole('button', { name: 'q + v' }).click();
  await choose('Train for a number of', 'steps');
  await fill('Steps', '3');
  await fill('Batch size', '1');
  await fill('Sequence length', '128');
  // That takes longer than the run, and has tests of its own.
  await page.getByText('More training settings').click();
  await page.getByLabel('Forgetting', { exact: true }).selectOption({ label: 'Not measured' });
  await page.getByRole('textbox', { name: 'Name of the run' }).fill('smart home');
  // The lengths in the model's own tokens come from the engine.
  await page.getByRole('img', { name: /^Lengths of the examples/ }).waitFor();
});

test('memory, steps and parameters are known before it starts', async () => {
  const memory = page.getByText(/^Memory at the peak ≈ [\d.]+\s[GM]iB\s+of\s+[\d.]+\sGiB free/);
  await memory.waitFor({ timeout: minutes });
  // 4 · 30 · (576 + 576 + 576 + 192)
  const needs = /^3\s+steps · time not known before a run like it · 230,400 trainable parameters/;
  await page.getByText(needs).waitFor({ timeout: minutes });
  await memory.click();
  const parts = page.getByRole('term').filter({ hasText: 'Base weights' });
  expect(await parts.isVisible()).toBe(true);
});

test('it trains, and its page shows the steps as they come and how it ended', async () => {
  await page.getByRole('button', { name: 'Start training' }).click();
  await page.getByRole('heading', { name: 'smart home' }).waitFor();
  await page
    .getByText('Finished', { exact: true })
    .first()
    .waitFor({ timeout: 4 * minutes });
  await page.getByText('Step 3 of 3').waitFor();
  const [run] = await invoke(page, 'runs.list', undefined);
  expect(run).toMatchObject({ state: 'finished', step: 3, totalSteps: 3, problem: null });
  // q_proj 576 → 576 and v_proj 576 → 192, rank 4, 30 layers.
  expect(run?.trainableParameters).toBe(30 * 4 * (576 + 576 + 576 + 192));
  expect(run?.peakMemoryBytes).toBeGreaterThan(300e6);
  const { steps, validations } = await invoke(page, 'runs.metrics', { id: run?.id ?? 0 });
  expect([...steps.step]).toEqual([1, 2, 3]);
  expect(validations.length).toBeGreaterThan(0);
});

test('the adapter answers beside its base model', async () => {
  await page.getByRole('link', { name: 'Adapters' }).click();
  await page.getByRole('textbox', { name: 'Prompt' }).fill('What is the capital of Japan?');
  await fill('Longest answer', '24');
  await page.getByRole('button', { name: 'Try it' }).click();
  const base = page.getByRole('group', { name: 'Base model' });
  await base.waitFor({ timeout: 3 * minutes });
  expect(await base.innerText()).toContain('Tokyo');
  await page.getByRole('group', { name: 'With the adapter' }).waitFor();
});

test('one click exports the merged model, with a proof that passes', async () => {
  await page.getByRole('button', { name: 'Export', exact: true }).click();
  const proof = page.getByRole('region', { name: 'Proof of export' });
  await proof.waitFor({ timeout: 4 * minutes });
  expect(await proof.innerText()).toContain('Hugging Face model, bfloat16: proof passed');
  const folder = join(studio.home, 'exports', 'smart-home-merged-bfloat16');
  for (const file of ['config.json', 'model.safetensors', 'tokenizer.json'])
    expect(existsSync(join(folder, file))).toBe(true);
  const text = readFileSync(join(folder, originName), 'utf8');
  const origin = exportOrigin.parse(JSON.parse(text));
  expect(origin).toMatchObject({ type: 'bfloat16', proof: { passed: true } });
});

test('all that without a socket to another machine, in any of its processes', () => {
  const { outside, processes } = endWatch();
  expect(outside).toEqual([]);
  expect(processes.join('\n')).toMatch(/network\.mojom\.NetworkService/);
});
