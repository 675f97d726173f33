/** Pausing in the window: a run pauses with a checkpoint, goes on from it, and can be paused again. */
import { beforeAll, expect, test } from 'vitest';
import { startRun } from './choose.ts';
import { sharedStudio, type SharedStudio } from './shared-studio.ts';
import { invoke, tinyRun } from './tiny-run.ts';

let studio: SharedStudio;
beforeAll(async () => {
  studio = await sharedStudio();
});

test('a run is paused, goes on from its checkpoint, is paused again, and stopped it writes its adapter', async () => {
  const { page } = studio;
  const { id } = await startRun(studio, tinyRun(studio.home, 1_000_000));
  const run = async () => {
    const found = (await invoke(page, 'runs.list', undefined)).find((each) => each.id === id);
    if (!found) throw new Error('the run is gone');
    return found;
  };
  const state = async () => (await run()).state;
  const step = async () => (await run()).step;
  await page.evaluate((number) => {
    location.hash = `#/run/${number}`;
  }, id);
  let before = 2;
  for (const round of [1, 2]) {
    await expect.poll(step, { timeout: 60_000 }).toBeGreaterThan(before);
    await page.getByRole('button', { name: 'Pause', exact: true }).press('Enter');
    await expect.poll(state, { timeout: 30_000 }).toBe('paused');
    const { checkpoint, heldBy } = await run();
    expect(heldBy).toBe('person');
    before = checkpoint?.step ?? NaN;
    expect(await step()).toBe(before);
    if (round === 2) break;
    await page.getByRole('button', { name: 'Go on…' }).press('Enter');
    const dialog = page.getByRole('dialog');
    await dialog.getByText(`after the checkpoint of step ${before}`).waitFor();
    await dialog.getByRole('button', { name: 'Go on', exact: true }).press('Enter');
    await expect.poll(state, { timeout: 30_000 }).toBe('running');
  }
  await page.getByRole('button', { name: 'Stop run' }).press('Enter');
  await page
    .getByRole('dialog')
    .getByRole('button', { name: 'Stop', exact: false })
    .last()
    .press('Enter');
  await expect.poll(state, { timeout: 60_000 }).toBe('stopped');
  const { steps } = await invoke(page, 'runs.metrics', { id });
  expect([...steps.step]).toEqual(Array.from({ length: before }, (_, i) => i + 1));
  expect((await run()).adapterId).not.toBeNull();
});
