/** An adapter on a quantised base in the window: an export that would lose it, forced, and a merge into the original weights. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { beforeAll, expect, test } from 'vitest';
import { faultsInBothThemes } from './accessible.ts';
import { answerDialogs, choose, startRun } from './choose.ts';
import { sharedStudio, type SharedStudio } from './shared-studio.ts';
import { invoke, tinyRun } from './tiny-run.ts';

const minutes = 60_000;
let studio: SharedStudio;
let page: Page;
beforeAll(async () => {
  studio = await sharedStudio();
  ({ page } = studio);
});

/** A finished run's adapter. */
async function trained(config: ReturnType<typeof tinyRun>): Promise<number> {
  const { id } = await startRun(studio, config);
  const find = async () =>
    (await invoke(page, 'runs.list', undefined)).find((run) => run.id === id);
  await expect.poll(async () => (await find())?.state, { timeout: 2 * minutes }).toBe('finished');
  const adapterId = (await find())?.adapterId;
  if (typeof adapterId !== 'number') throw new Error('the run has no adapter');
  return adapterId;
}

const panel = () => page.getByRole('region', { name: 'Export', exact: true });
const proof = () => panel().getByRole('region', { name: 'Proof of export' });

test('blocks that would lose the adapter are refused, and written with a second click', async () => {
  const { home } = studio;
  const whole = tinyRun(home, 3, 'whole');
  const blocks = join(home, 'blocks.gguf');
  const adapterId = await trained(whole);
  await choose(studio, home, 'output-folder');
  await invoke(page, 'exports.write', {
    ...{ adapterId, to: 'gguf', type: 'Q4_0', output: blocks },
    ...{ otherBase: false, mergeBase: null, force: false },
  });
  const validation = { kind: 'split', fraction: 0.25 } as const;
  await trained({ ...whole, name: 'packed', model: blocks, validation });
  await page.getByRole('link', { name: 'packed' }).first().click();
  await page.getByRole('button', { name: 'Export…' }).press('Enter');
  await panel().getByRole('radio', { name: 'GGUF model' }).press('Space');
  const types = panel().getByRole('combobox', { name: 'Type of numbers' });
  await types.selectOption('Q4_0');
  await panel().getByRole('button', { name: 'Export', exact: true }).click();
  await panel()
    .getByText(/As Q4_0 the file would hold only/)
    .waitFor({ timeout: 2 * minutes });
  const file = join(home, 'exports', 'packed-Q4_0.gguf');
  expect(existsSync(file)).toBe(false);
  await panel().getByRole('button', { name: 'Write it all the same' }).press('Enter');
  await proof().waitFor({ timeout: 2 * minutes });
  expect(existsSync(file)).toBe(true);
  expect(await proof().innerText()).toMatch(/^GGUF model, Q4_0: proof failed/);
});

test('merged into the original weights, the proof tells of both', async () => {
  const original = tinyRun(studio.home, 1).model;
  await answerDialogs(studio, original);
  const into = panel().getByRole('group', { name: 'Merge into' });
  await into.getByRole('button', { name: 'Original folder…' }).press('Enter');
  await into.getByText(original).waitFor();
  await panel().getByRole('radio', { name: 'Hugging Face model' }).press('Space');
  await panel().getByRole('button', { name: 'Export', exact: true }).click();
  const verdict = 'What was written answers as the other weights do with the adapter.';
  await proof()
    .getByText(verdict)
    .waitFor({ timeout: 2 * minutes });
  const said = await proof().innerText();
  expect(said).toMatch(/Trained on[^]*blocks\.gguf \(Q4_0, Q8_0, F32\)/);
  expect(said).toMatch(/Merged into[^]*tiny-tied\/model\.safetensors \(F32\)/);
  expect(said).toMatch(/Error of quantising beside the change[^]*times, median of 21/);
  expect(said).toMatch(/Compared on[^]*the validation data of the run/);
  expect(await faultsInBothThemes(page)).toEqual([]);
  await into.getByRole('button', { name: 'Its own base' }).press('Enter');
  await into.getByText('The base that it was trained on', { exact: true }).waitFor();
  // What is not merged has nothing to be merged into.
  await panel().getByRole('radio', { name: 'PEFT adapter' }).press('Space');
  expect(await into.count()).toBe(0);
  expect(studio.complaints).toEqual([]);
});
