/** Exports in the window, on a tiny model: from the run's page, cancelled once, as a GGUF file with its proof, and remembered. */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { beforeAll, expect, test } from 'vitest';
import { faultsInBothThemes } from './accessible.ts';
import { startRun } from './choose.ts';
import { restarted, sharedStudio, type SharedStudio } from './shared-studio.ts';
import { invoke, tinyRun } from './tiny-run.ts';

const minutes = 60_000;
let studio: SharedStudio;
let page: Page;
let panel: Locator;

function look(launched: SharedStudio): void {
  studio = launched;
  ({ page } = studio);
  panel = page.getByRole('region', { name: 'Export', exact: true });
}
beforeAll(async () => {
  look(await sharedStudio());
});

const form = (name: string) => panel.getByRole('radio', { name });
const type = () => panel.getByRole('combobox', { name: 'Type of numbers' });
const proof = () => panel.getByRole('region', { name: 'Proof of export' });
const start = () => panel.getByRole('button', { name: 'Export', exact: true }).click();
const exported = (...path: string[]) => join(studio.home, 'exports', ...path);

test("a run's page leads to the panel, which has the focus", async () => {
  const { id } = await startRun(studio, tinyRun(studio.home, 3, 'first'));
  const state = async () =>
    (await invoke(page, 'runs.list', undefined)).find((run) => run.id === id)?.state;
  await expect.poll(state, { timeout: 2 * minutes }).toBe('finished');
  await page.getByRole('link', { name: 'first', exact: true }).first().click();
  await page.getByRole('button', { name: 'Export…' }).press('Enter');
  await page.locator('div:focus').filter({ has: panel }).waitFor();
});

test('an export that is cancelled says so and leaves nothing behind', async () => {
  await form('Ollama model').press('Space');
  await start();
  await panel.getByRole('button', { name: 'Cancel' }).press('Enter');
  await panel.getByText('The export was stopped. Nothing of it is left.').waitFor();
  expect(existsSync(exported())).toBe(false);
});

test('a GGUF file is written with one press, and its proof has the figures', async () => {
  await form('GGUF model').press('Space');
  await type().selectOption({ label: 'Q8_0 · half of F16, hardly to be told from it' });
  await start();
  await proof().waitFor({ timeout: 2 * minutes });
  const said = await proof().innerText();
  expect(said).toMatch(/^GGUF model, Q8_0: proof passed/);
  expect(said).toMatch(/Share of the change that is in the file[^]*\d\s%/);
  expect(said).toMatch(/Mean KL divergence[^]*nats\/token/);
  const types = proof().getByRole('table', { name: 'Tensors by type' });
  expect(await types.getByRole('rowheader').allInnerTexts()).toContain('Q8_0');
  const file = exported('first-Q8_0.gguf');
  expect(statSync(file).size).toBeGreaterThan(0);
  expect(readdirSync(exported()).sort()).toEqual([
    ...['first-Q8_0.gguf', 'first-Q8_0.gguf.origin.json'],
  ]);
  await proof().getByRole('button', { name: 'Copy the command for llama.cpp' }).press('Enter');
  const copied = () => studio.app.evaluate(({ clipboard }) => clipboard.readText());
  await expect.poll(copied).toBe(`llama-server -m "${file}"`);
  expect(await faultsInBothThemes(page)).toEqual([]);
});

test('the choice is there after a restart, and a second export takes a free name', async () => {
  expect(studio.complaints).toEqual([]);
  look(await restarted());
  await page.getByRole('link', { name: 'Adapters' }).click();
  expect(await form('GGUF model').isChecked()).toBe(true);
  expect(await type().inputValue()).toBe('Q8_0');
  await start();
  await proof().waitFor({ timeout: 2 * minutes });
  expect(existsSync(exported('first-Q8_0-2.gguf'))).toBe(true);
  await form('PEFT adapter').press('Space');
  expect(await type().count()).toBe(0);
  await start();
  const peft = proof().getByRole('heading', { name: 'PEFT adapter: proof passed' });
  await peft.waitFor({ timeout: 2 * minutes });
  expect(readdirSync(exported('first-peft'))).toContain('adapter_model.safetensors');
  expect(studio.complaints).toEqual([]);
});
