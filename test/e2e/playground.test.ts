/** The playground in the window: base, adapters and a blend asked side by side, stopped, corrected, kept, and trained on. */
import { cpSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { beforeAll, expect, test } from 'vitest';
import { faultsInBothThemes } from './accessible.ts';
import { choose, startRun } from './choose.ts';
import { root } from './launch.ts';
import { restarted, sharedStudio, type SharedStudio } from './shared-studio.ts';
import { invoke, tinyRun } from './tiny-run.ts';

let studio: SharedStudio;
let page: Page;

async function train(name: string, seed: number): Promise<void> {
  const config = { ...tinyRun(studio.home, 20, name), seed, learningRate: 0.02 };
  const { id } = await startRun(studio, config);
  const state = async () =>
    (await invoke(page, 'runs.list', undefined)).find((run) => run.id === id)?.state;
  await expect.poll(state, { timeout: 90_000 }).toBe('finished');
}

async function openPlayground(): Promise<void> {
  await page.getByRole('link', { name: 'Playground' }).click();
  await page.getByRole('heading', { name: 'Playground', exact: true }).waitFor();
}

beforeAll(async () => {
  studio = await sharedStudio();
  ({ page } = studio);
});

const question = (number: number) => page.getByRole('region', { name: `Question ${number}` });
const answers = (turn: Locator) => turn.getByRole('group');
const answer = (turn: Locator, by: string) => turn.getByRole('group', { name: by, exact: true });
const field = () => page.getByRole('textbox', { name: 'Question' });

async function ask(text: string): Promise<void> {
  await field().fill(text);
  await field().press('Control+Enter');
}

async function answered(): Promise<void> {
  await page.getByRole('button', { name: 'Ask', exact: true }).waitFor({ timeout: 120_000 });
}

async function expectFocus(control: Locator): Promise<void> {
  await expect
    .poll(() => control.evaluate((element) => element === document.activeElement))
    .toBe(true);
}

async function expectAboveComposer(control: Locator): Promise<void> {
  const composer = await page.locator('[data-foot]').boundingBox();
  const box = await control.boundingBox();
  if (box === null || composer === null) throw new TypeError('something is not there');
  expect(box.y + box.height).toBeLessThanOrEqual(composer.y);
}

test('base, an adapter and a blend answer a question side by side', async () => {
  await train('one', 1);
  await train('other', 2);
  await openPlayground();
  await page.getByRole('combobox', { name: 'Base model' }).selectOption('tiny-tied');
  const add = page.getByRole('combobox', { name: 'Another adapter beside them' });
  await add.selectOption('one');
  await add.selectOption('other');
  await page.getByRole('textbox', { name: 'System prompt' }).fill('Be brief.');
  await page.getByText('How answers are written').click();
  await page.getByRole('spinbutton', { name: 'Longest answer' }).fill('5');
  await ask('say 3');
  await answered();
  expect(await answers(question(1)).getByRole('heading').allInnerTexts()).toEqual([
    ...['Base model', 'one', 'other'],
  ]);
  expect(await question(1).getByText('5 tokens').count()).toBeGreaterThan(0);
  expect(await faultsInBothThemes(page)).toEqual([]);
});

test('a slider blends, and the last question is asked again of the loaded model', async () => {
  const blend = page.getByRole('combobox', { name: 'Blend another adapter into other' });
  await blend.selectOption('one');
  const slider = page
    .getByRole('group', { name: 'other + one' })
    .getByRole('slider', { name: 'Weight of one' });
  for (let press = 0; press < 6; press += 1) await slider.press('ArrowLeft');
  await page.getByRole('button', { name: 'Ask again' }).press('Enter');
  await answer(question(1), 'other + one × 0.7').waitFor();
  await answered();
  expect(await page.getByRole('region', { name: /^Question/ }).count()).toBe(1);
  // As the page asks, with other weights and another adapter: what is loaded stays.
  const [head] = await invoke(page, 'chats.list', undefined);
  const { id, setup, turns } = await invoke(page, 'chats.get', { id: head?.id ?? 0 });
  const [base, one, both] = setup.columns;
  const columns = [base, both, { key: 9, parts: [{ id: one?.parts[0]?.id ?? 0, weight: -0.5 }] }];
  const changed = { ...setup, columns: columns.flatMap((column) => column ?? []) };
  const asked = { id, setup: changed, after: turns.length - 1, asked: 'say 3' };
  expect((await invoke(page, 'chats.ask', asked)).loaded).toBe(false);
  await invoke(page, 'chats.ask', { ...asked, setup });
});

test('a long answer is stopped, and what was written of it is kept', async () => {
  await page.getByRole('spinbutton', { name: 'Longest answer' }).fill('450');
  await ask('say 4');
  await page.getByRole('status').filter({ hasText: 'Answering' }).waitFor({ timeout: 60_000 });
  await page.getByRole('button', { name: 'Stop' }).click();
  await question(2).getByText('stopped').first().waitFor();
  await answered();
});

test('right and corrected answers are saved as data, and lead to a run on them', async () => {
  const own = answer(question(1), 'one');
  await own.getByRole('button', { name: 'This was right' }).press('Enter');
  await page.getByText('1 right answer, 1 of this conversation.').waitFor();
  const base = answer(question(1), 'Base model');
  await page.setViewportSize({ width: 1000, height: 700 });
  await base.getByRole('button', { name: 'Edit' }).press('Enter');
  await expectAboveComposer(base.getByRole('textbox', { name: 'The right answer' }));
  await expectAboveComposer(base.getByRole('button', { name: 'Cancel' }));
  await base.getByRole('button', { name: 'Cancel' }).press('Enter');
  await expectFocus(base.getByRole('button', { name: 'Edit' }));
  await page.keyboard.press('Enter');
  await page.setViewportSize({ width: 1280, height: 800 });
  await base.getByRole('textbox', { name: 'The right answer' }).fill('3 is said');
  // It is there when the page is left, and when its mark is taken away.
  await page.getByRole('link', { name: 'New run' }).click();
  await page.getByRole('heading', { name: 'New run', exact: true }).waitFor();
  await openPlayground();
  await base.getByRole('button', { name: 'Keep as right' }).press('Enter');
  await expectFocus(base.getByRole('button', { name: 'Edit' }));
  await base.getByRole('button', { name: 'Corrected' }).press('Enter');
  await base.getByText('What you wrote as right is still there').waitFor();
  await base.getByRole('button', { name: 'Edit' }).press('Enter');
  expect(await base.getByRole('textbox', { name: 'The right answer' }).inputValue()).toBe(
    '3 is said',
  );
  await base.getByRole('button', { name: 'Keep as right' }).press('Enter');
  await base.getByText('Right would be').waitFor();
  expect(await faultsInBothThemes(page)).toEqual([]);
  await page.getByRole('button', { name: 'Save this one’s' }).press('Enter');
  await page.getByText('2 examples saved.').waitFor();
  const [file] = (await invoke(page, 'datasets.list', undefined)).filter(({ path }) =>
    path.startsWith(studio.home),
  );
  const lines = readFileSync(file?.path ?? '', 'utf8')
    .trim()
    .split('\n');
  expect(JSON.parse(lines[0] ?? '')).toEqual({
    messages: [
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: 'say 3' },
      { role: 'assistant', content: '3 is said' },
    ],
  });
  await page.getByRole('button', { name: 'Train on it' }).press('Enter');
  await page.getByRole('heading', { name: 'New run', exact: true }).waitFor();
  const chosen = (name: string) => page.getByRole('combobox', { name, exact: true }).inputValue();
  expect(await chosen('Data file')).toBe(file?.path);
  expect(await chosen('Model')).toMatch(/tiny-tied$/);
  // The file is looked at: it has no bad lines.
  const facts = page.locator('dl').filter({ hasText: 'Bad lines' });
  await facts.getByText('none', { exact: true }).waitFor({ timeout: 60_000 });
});

/** Enters a model of the fixtures, or a copy of one, and chooses it. */
async function chooseModel(path: string): Promise<void> {
  await choose(studio, path, 'model-folder');
  const { name } = await invoke(page, 'models.add', { path });
  await openPlayground();
  await page.getByRole('combobox', { name: 'Base model' }).selectOption(name);
}

test('a classifier has no conversation, and a model without a chat template says what it does', async () => {
  await chooseModel(join(root, 'test/fixtures/classifiers/tiny-bert/model'));
  await page.getByRole('heading', { name: 'This model has no conversation' }).waitFor();
  expect(await field().count()).toBe(0);
  const plain = join(studio.home, 'plain-model');
  cpSync(join(root, 'test/fixtures/models/tiny-tied'), plain, { recursive: true });
  rmSync(join(plain, 'chat_template.jinja'));
  await chooseModel(plain);
  await page.getByText('This model has no chat template').waitFor();
  expect(await page.getByRole('textbox', { name: 'System prompt' }).count()).toBe(0);
  expect(await faultsInBothThemes(page)).toEqual([]);
  await ask('Set the lamp');
  await answered();
  await answer(question(1), 'Base model').waitFor();
  const [head] = await invoke(page, 'chats.list', undefined);
  await invoke(page, 'chats.remove', { id: head?.id ?? 0 });
});

test('an adapter is talked to from its page', async () => {
  await page.getByRole('link', { name: 'Adapters' }).click();
  await page.getByRole('button', { name: 'Talk to it' }).press('Enter');
  await page.getByRole('heading', { name: 'Playground', exact: true }).waitFor();
  expect(await page.getByRole('combobox', { name: 'Base model' }).inputValue()).toMatch(
    /tiny-tied$/,
  );
  await page.getByRole('group', { name: 'other', exact: true }).getByRole('slider').waitFor();
  // What it is to learn goes on from what it has learnt.
  await ask('say 5');
  await answered();
  await answer(question(1), 'other').getByRole('button', { name: 'Edit' }).press('Enter');
  await page.getByRole('textbox', { name: 'The right answer' }).fill('5 is said');
  await page.getByRole('button', { name: 'Keep as right' }).press('Enter');
  await page.getByRole('button', { name: 'Save this one’s' }).press('Enter');
  await page.getByRole('button', { name: 'Train other further' }).press('Enter');
  await page.getByRole('heading', { name: 'New run', exact: true }).waitFor();
  await page.getByRole('button', { name: 'Start anew' }).waitFor();
  const [head] = await invoke(page, 'chats.list', undefined);
  await invoke(page, 'chats.remove', { id: head?.id ?? 0 });
});

test('the conversation is there after a restart, and is renamed and removed', async () => {
  studio = await restarted();
  ({ page } = studio);
  await openPlayground();
  await page.getByRole('button', { name: /^say 3/ }).click();
  await answer(question(1), 'Base model').getByText('3 is said').waitFor();
  await question(2).getByText('stopped').first().waitFor();
  expect(await page.getByRole('slider', { name: 'Weight of one' }).count()).toBe(2);
  await page.getByRole('button', { name: 'Rename say 3' }).click();
  await page.getByRole('textbox', { name: 'Name', exact: true }).fill('Lamps');
  await page.getByRole('button', { name: 'Rename', exact: true }).click();
  await page.getByRole('button', { name: 'Remove Lamps' }).click();
  await page.getByRole('button', { name: 'Cancel' }).last().click();
  await page.getByRole('button', { name: 'Remove Lamps' }).click();
  await page.getByRole('button', { name: 'Remove conversation' }).click();
  await page.getByText('Removed “Lamps”.').waitFor();
  expect(await invoke(page, 'chats.list', undefined)).toEqual([]);
  expect(studio.complaints).toEqual([]);
});
