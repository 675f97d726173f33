/** Compare, down to the answers: runs of two bases asked the same prompts; curves, results and settings looked at and saved. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { beforeAll, expect, test } from 'vitest';
import { faultsInBothThemes } from './accessible.ts';
import { startRun } from './choose.ts';
import { root } from './launch.ts';
import { sharedStudio, type SharedStudio } from './shared-studio.ts';
import { invoke, tinyRun } from './tiny-run.ts';

let studio: SharedStudio;
let page: Page;

const card = (name: string): Locator => page.getByRole('region', { name, exact: true });

/** Trains a run to its end; `over` is what is not as in the others. */
async function train(name: string, over: { model?: string; learningRate?: number }): Promise<void> {
  const { id } = await startRun(studio, { ...tinyRun(studio.home, 20, name), ...over });
  const state = async () => {
    const runs = await invoke(page, 'runs.list', undefined);
    return runs.find((run) => run.id === id)?.state;
  };
  await expect.poll(state, { timeout: 90_000 }).toBe('finished');
}

beforeAll(async () => {
  studio = await sharedStudio();
  ({ page } = studio);
});

test('the same prompts are answered by each run over its base, and what differs is marked', async () => {
  await train('fast', { learningRate: 0.02 });
  await train('slow', { learningRate: 0.0001 });
  await train('elsewhere', { model: join(root, 'test/fixtures/models/tiny-qwen2') });
  await page.getByRole('link', { name: 'Compare' }).click();
  const answers = card('Answers');
  await answers.getByRole('textbox', { name: 'Prompt' }).fill('say 3');
  await answers.getByRole('button', { name: 'Add a prompt' }).press('Enter');
  await answers.getByRole('textbox', { name: 'Prompt 2' }).fill('say 7');
  await answers.getByRole('spinbutton', { name: 'Longest answer' }).fill('12');
  await answers.getByRole('textbox', { name: 'Prompt 2' }).press('Control+Enter');
  const second = answers.getByRole('region', { name: 'Prompt 2' });
  await second.waitFor({ timeout: 120_000 });
  expect(await second.getByRole('group').count()).toBe(5);
  expect(await second.getByRole('heading', { level: 3 }).allInnerTexts()).toEqual([
    ...['say 7', 'Base model', 'elsewhere', 'Base model', 'slow', 'fast'],
  ]);
  // The run with the tiny rate says what the base says; the other has moved.
  const slow = second.getByRole('group', { name: 'slow' });
  const fast = second.getByRole('group', { name: 'fast' });
  await slow.getByText('the same as the base').waitFor();
  expect(await slow.locator('ins, del').count()).toBe(0);
  expect(await fast.getByRole('insertion').count()).toBeGreaterThan(0);
  expect(await faultsInBothThemes(page)).toEqual([]);
  await answers.getByText('the first run', { exact: true }).click();
  expect(await second.getByRole('group', { name: 'elsewhere' }).locator('ins, del').count()).toBe(
    0,
  );
  expect(await fast.locator('ins, del').count()).toBeGreaterThan(0);
  // Answers of other runs than those that are chosen say so.
  const chosen = page.getByRole('group', { name: 'Runs to compare' });
  await chosen.getByRole('checkbox', { name: 'slow' }).press('Space');
  await answers.getByText('Of other runs or prompts than those chosen now.').waitFor();
  await chosen.getByRole('checkbox', { name: 'slow' }).press('Space');
  expect(studio.complaints).toEqual([]);
});

test('the curves are zoomed by keyboard, pointer and button, over steps, tokens and time', async () => {
  const curves = card('Training loss');
  const plot = curves.getByRole('img');
  const shown = curves.getByLabel('Shown stretch');
  expect(await shown.innerText()).toBe('');
  await plot.press('+');
  // Two thirds of 20 steps around the middle.
  await expect.poll(() => shown.innerText()).toBe('Step 3 to 17');
  await plot.press('End');
  await expect.poll(() => shown.innerText()).toBe('Step 7 to 20');
  await plot.press('0');
  await expect.poll(() => shown.innerText()).toBe('');
  await plot.scrollIntoViewIfNeeded();
  const box = await plot.boundingBox();
  if (box === null) throw new Error('the plot is out of sight');
  const drag = async (from: number, to: number) => {
    await page.mouse.move(box.x + from * box.width, box.y + 100);
    await page.mouse.down();
    await page.mouse.move(box.x + to * box.width, box.y + 120, { steps: 5 });
    await page.mouse.up();
  };
  await drag(0.5, 0.75);
  const first = await shown.innerText();
  expect(first).toMatch(/^Step 1\d to 1\d$/);
  expect(await faultsInBothThemes(page)).toEqual([]);
  await drag(0.4, 0.8);
  const second = await shown.innerText();
  expect(second).not.toBe(first);
  await page.keyboard.down('Control');
  await page.mouse.wheel(0, 120);
  await page.keyboard.up('Control');
  await expect.poll(() => shown.innerText()).not.toBe(second);
  await curves.getByRole('button', { name: 'Whole' }).click();
  expect(await shown.innerText()).toBe('');
  await curves.getByText('Tokens', { exact: true }).click();
  await curves.getByRole('button', { name: 'Zoom in' }).press('Enter');
  await expect.poll(() => shown.innerText()).toMatch(/^Tokens /);
  // What was shown of one axis says nothing of another.
  await curves.getByText('Time', { exact: true }).click();
  expect(await shown.innerText()).toBe('');
  expect(await plot.getAttribute('aria-label')).toContain('without pauses');
  expect(studio.complaints).toEqual([]);
});

test('results are sorted by the head of a column, by keyboard, and told to screen readers', async () => {
  const results = card('Results');
  const rows = () => results.getByRole('rowheader').allInnerTexts();
  expect(await rows()).toEqual(['elsewhere', 'fast', 'slow']);
  const name = results.getByRole('columnheader', { name: 'Run' });
  expect(await name.getAttribute('aria-sort')).toBe('none');
  await name.getByRole('button').press('Enter');
  await name.getByRole('button').press('Enter');
  expect(await name.getAttribute('aria-sort')).toBe('descending');
  expect(await rows()).toEqual(['slow', 'fast', 'elsewhere']);
  const loss = results.getByRole('columnheader', { name: 'Last training loss' });
  await loss.getByRole('button').press('Enter');
  expect([await name.getAttribute('aria-sort'), (await rows())[0]]).toEqual(['none', 'fast']);
  await loss.getByRole('button').press('Enter');
  expect(await loss.getAttribute('aria-sort')).toBe('descending');
  expect((await rows()).at(-1)).toBe('fast');
  // What is forgotten has a lowest, too; the loss is behind the state.
  const lowestLoss = results.getByRole('row', { name: /^fast/ }).getByRole('cell').nth(1);
  await lowestLoss.getByText('lowest', { exact: true }).waitFor();
  expect(await faultsInBothThemes(page)).toEqual([]);
});

test('points, table and picture are saved where a person says', async () => {
  const saved = async (button: Locator, name: string) => {
    const path = join(studio.home, name);
    await studio.app.evaluate(({ dialog }, chosen) => {
      dialog.showSaveDialog = () => Promise.resolve({ canceled: false, filePath: chosen });
    }, path);
    await button.press('Enter');
    await page.getByText(`Saved as ${path}`).waitFor();
    return readFileSync(path);
  };
  const curves = card('Training loss');
  const points = await saved(curves.getByRole('button', { name: 'CSV' }), 'points.csv');
  const lines = points.toString().trim().split('\r\n');
  expect(lines).toHaveLength(1 + 3 * 20);
  expect(lines[1]).toMatch(/^elsewhere,1,/);
  const table = await saved(card('Results').getByRole('button', { name: 'CSV' }), 'table.csv');
  // As it is sorted.
  expect(table.toString()).toMatch(
    /^Run,State,.*Learning rate\r\n[\s\S]*\r\nfast,Finished,.*\r\n$/,
  );
  const picture = await saved(curves.getByRole('button', { name: 'PNG' }), 'curves.png');
  const size = await page.evaluate(async (base64) => {
    const image = new Image();
    image.src = `data:image/png;base64,${base64}`;
    await image.decode();
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = [image.width, image.height];
    const context = canvas.getContext('2d');
    context?.drawImage(image, 0, 0);
    const pixels = context?.getImageData(0, 0, image.width, image.height).data ?? [];
    const colours = new Set<number>();
    for (let at = 0; at < pixels.length; at += 4)
      colours.add(((pixels[at] ?? 0) << 16) | ((pixels[at + 1] ?? 0) << 8) | (pixels[at + 2] ?? 0));
    return { width: image.width, colours: colours.size };
  }, picture.toString('base64'));
  expect(size.width).toBe(2 * (1200 + 48));
  // Ground, grid, text and three curves, with their soft edges.
  expect(size.colours).toBeGreaterThan(20);
  expect(studio.complaints).toEqual([]);
});

test('runs are lines through their settings to their loss, reached and told by keyboard', async () => {
  const lines = card('Settings and loss');
  await page.mouse.move(0, 0);
  await lines.getByText('Lowest loss: fast').waitFor();
  // No line goes through the labels of the first axis.
  const [label, axis] = await Promise.all(
    [lines.locator('.tick').first(), lines.locator('line.axis').first()].map((part) =>
      part.evaluate((drawn) => drawn.getBoundingClientRect().right),
    ),
  );
  expect(label).toBeLessThan(axis ?? 0);
  const line = lines.getByRole('link', { name: /^slow: / });
  expect(await line.getAttribute('aria-label')).toMatch(
    /^slow: Model tiny-tied, Learning rate 1\.0e−4, Last training loss \d/,
  );
  await line.focus();
  await expect.poll(() => lines.locator('.says').innerText()).toMatch(/^slow Model tiny-tied/);
  expect(await faultsInBothThemes(page)).toEqual([]);
  await lines.getByText('All 3 listed', { exact: true }).click();
  expect(await lines.getByRole('link').count()).toBe(3);
  await line.press('Enter');
  await page.getByRole('heading', { name: 'slow', level: 1 }).waitFor();
  expect(studio.complaints).toEqual([]);
});
