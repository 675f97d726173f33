/** The first start: the starter model and the sample data are ready, the page is quiet, and the window's place is kept. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchStudio, type LaunchedStudio, root, temporaryHome } from './launch.ts';

let studio: LaunchedStudio;
beforeAll(async () => {
  studio = await launchStudio(temporaryHome());
});
afterAll(() => studio.quit());

test('a fresh start shows the studio with the starter model and the samples to choose from', async () => {
  const { page, complaints } = studio;
  await page.getByRole('link', { name: 'New run' }).click();
  const model = page.getByRole('combobox', { name: 'Model' });
  await model.selectOption({ label: 'smollm2-135m-instruct' });
  await page.getByRole('grid', { name: 'Target modules' }).waitFor();
  const data = page.getByRole('combobox', { name: 'Data file' });
  const offered = await data.locator('option').allTextContents();
  expect(offered.join('\n')).toMatch(/train/);
  expect(complaints).toEqual([]);
});

test('the window opens again where it was', async () => {
  const bounds = { x: 40, y: 30, width: 950, height: 640 };
  await studio.app.evaluate(({ BrowserWindow }, wanted) => {
    BrowserWindow.getAllWindows()[0]?.setBounds(wanted);
  }, bounds);
  await studio.quit();
  studio = await launchStudio(studio.home);
  const now = await studio.app.evaluate(({ BrowserWindow }) =>
    BrowserWindow.getAllWindows()[0]?.getBounds(),
  );
  expect(now).toMatchObject({ width: bounds.width, height: bounds.height });
});

test('a second studio on the same data folder shows the first, and ends', async () => {
  const visible = () =>
    studio.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.isVisible());
  // It is shown once it has been painted, which may be after its page has loaded.
  await expect.poll(visible).toBe(true);
  await studio.app.evaluate(({ BrowserWindow }) => {
    BrowserWindow.getAllWindows()[0]?.hide();
  });
  expect(await visible()).toBe(false);
  const env = { ...process.env, LORIKEET_HOME: studio.home };
  const second = spawn(studio.process.spawnfile, ['--no-sandbox', root], {
    ...{ env, cwd: root, stdio: 'ignore' },
  });
  expect(await once(second, 'exit')).toEqual([0, null]);
  await expect.poll(visible).toBe(true);
  expect(
    await studio.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length),
  ).toBe(1);
});
