/** A classifier through the window, on a tiny BERT: picked, its data looked at, trained, its figures read, tried and exported. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterEach, beforeAll, expect, test } from 'vitest';
import { accessibilityFaults } from './accessible.ts';
import { answerDialogs, choose } from './choose.ts';
import { root } from './launch.ts';
import { sharedStudio, type SharedStudio } from './shared-studio.ts';
import { invoke } from './tiny-run.ts';

const minutes = 60_000;
let studio: SharedStudio;
let page: Page;
beforeAll(async () => {
  studio = await sharedStudio();
  ({ page } = studio);
});
afterEach(async () => {
  expect(await accessibilityFaults(page)).toEqual([]);
  expect(studio.complaints).toEqual([]);
});

/** As many of each kind; the columns have names of their own. */
function rows(): string {
  const kinds = [
    ['turn on the light', 'on'],
    ['turn the light off', 'off'],
    ['is it on?', 'unclear'],
  ];
  const rooms = ['kitchen', 'bedroom', 'hall', 'cellar'];
  const lines = kinds.flatMap(([text, kind]) =>
    rooms.map((room) => `${text} in the ${room},${kind}`),
  );
  return ['said,kind', ...lines, ''].join('\n');
}

const fill = (name: string, value: string) =>
  page.getByRole('spinbutton', { name, exact: true }).fill(value);
const readAs = (column: string, as: string) =>
  page.getByRole('combobox', { name: column, exact: true }).selectOption({ label: as });

test('an encoder leads to its task, and columns are mapped to texts and labels', async () => {
  const path = join(studio.home, 'lights.csv');
  writeFileSync(path, rows());
  const encoder = join(root, 'test/fixtures/classifiers/tiny-bert/model');
  await choose(studio, encoder, 'model-folder');
  await invoke(page, 'models.add', { path: encoder });
  await page.getByRole('link', { name: 'New run' }).click();
  await page.getByRole('combobox', { name: 'Model' }).selectOption('model');
  await page.getByText(/tells apart off, on, unclear and writes nothing/).waitFor();
  await answerDialogs(studio, path);
  await page.getByRole('button', { name: 'Choose file…' }).click();
  await page.getByText(/^No example of the data can be used yet/).waitFor({ timeout: minutes });
  await readAs('said', 'Text');
  await readAs('kind', 'Label');
  const labels = page.getByRole('region', { name: 'Labels' });
  await labels.waitFor({ timeout: minutes });
  for (const kind of ['off', 'on', 'unclear'])
    expect(await labels.innerText()).toMatch(new RegExp(`^${kind}\\s+4\\s+33\\.3`, 'm'));
  await page.getByText('Label, learnt').waitFor();
});

test('it trains, and its page tells how well the classes are told apart', async () => {
  await fill('Validation share', '50');
  await fill('Epochs', '40');
  await fill('Sequence length', '32');
  await fill('Learning rate', '0.02');
  await page.getByRole('textbox', { name: 'Name of the run' }).fill('lights');
  await page.getByRole('button', { name: 'Start training' }).click();
  await page.getByRole('heading', { name: 'lights' }).waitFor();
  await page
    .getByText('Finished', { exact: true })
    .first()
    .waitFor({ timeout: 4 * minutes });
  const [run] = await invoke(page, 'runs.list', undefined);
  const names = ['off', 'on', 'unclear'];
  expect(run?.labels).toEqual({ problem: 'single_label_classification', names, pairs: false });
  const { validations } = await invoke(page, 'runs.metrics', { id: run?.id ?? 0 });
  const last = validations.at(-1)?.report;
  const accuracy = page.getByRole('term').filter({ hasText: /^Accuracy$/ });
  const shown = ((last?.figures['accuracy'] ?? NaN) * 100).toPrecision(3);
  expect(await accuracy.locator('xpath=..').innerText()).toContain(shown);
  const table = page.getByRole('region', { name: 'Each class' });
  expect(await table.getByRole('row').count()).toBe(1 + names.length);
  const confusion = page.getByRole('region', { name: 'What is taken for what' });
  expect(await confusion.getByRole('cell').allInnerTexts()).toEqual(
    last?.confusion?.flat().map(String),
  );
  await page.getByText('nats per example').first().waitFor();
  await page.getByText('One class each: off, on, unclear').waitFor();
});

test('the adapter tells a text beside its base model, with probabilities', async () => {
  await page.getByRole('link', { name: 'Open adapter' }).click();
  await page.getByRole('textbox', { name: 'Text' }).fill('turn the light off in the hall');
  await page.getByRole('button', { name: 'Try it' }).click();
  const adapted = page.getByRole('group', { name: 'With the adapter' });
  await adapted.waitFor({ timeout: 4 * minutes });
  expect(await adapted.getByRole('listitem').count()).toBe(3);
  expect(await adapted.innerText()).toMatch(/^With the adapter\s+off\s+off\s+[\d.]+\s%/);
  await page.getByRole('group', { name: 'Base model' }).waitFor();
  expect(await page.getByRole('textbox', { name: 'Second text' }).count()).toBe(0);
});

test('it is exported, with a proof on texts', async () => {
  const gguf = page.getByRole('radio', { name: /GGUF|Ollama/ });
  expect(await gguf.count()).toBe(3);
  for (const each of await gguf.all()) expect(await each.isDisabled()).toBe(true);
  await page.getByRole('button', { name: 'Export', exact: true }).click();
  const proof = page.getByRole('region', { name: 'Proof of export' });
  await proof.waitFor({ timeout: 4 * minutes });
  expect(await proof.innerText()).toMatch(
    /Hugging Face model, bfloat16: proof passed[^]*held-out texts/,
  );
  expect(await proof.innerText()).not.toMatch(/prompt|token\b|Chat/);
});

test('before half of it is saved as a blend, that tells a text beside the base and the whole', async () => {
  await page.getByRole('link', { name: 'Compose' }).click();
  await page.getByRole('checkbox', { name: 'lights' }).press('Space');
  await page.getByLabel('Weight of lights as a number').fill('0.5');
  await page.getByRole('textbox', { name: 'Text' }).fill('turn the light off in the hall');
  await page.getByRole('button', { name: 'Try it' }).press('Enter');
  await page.getByRole('group', { name: 'Blend' }).waitFor({ timeout: 4 * minutes });
  const trial = page.getByRole('region', { name: 'Try it' });
  expect(await trial.getByRole('heading', { level: 3 }).allInnerTexts()).toEqual([
    ...['Base model', 'lights alone', 'Blend'],
  ]);
  const share = async (name: string) => {
    const told = await page.getByRole('group', { name, exact: true }).innerText();
    expect(told).toMatch(/\n\s*off\s+off\s+[\d.]+\s%/);
    return Number(/([\d.]+)\s%/.exec(told)?.[1]);
  };
  // Half of what was learnt is less sure of it.
  expect(await share('Blend')).toBeLessThan(await share('lights alone'));
});
