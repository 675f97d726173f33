/** Crashes in the real studio: of the window's process, of its page, of main and of an engine. Each is told, and is in the log. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { launchStudio, type LaunchedStudio } from './launch.ts';

// One for all: Playwright loses the page in the last of them.
let studio: LaunchedStudio;
beforeAll(async () => {
  studio = await launchStudio();
});
afterAll(() => studio.quit());

/** Waits until the log and a notice in the window say it. */
async function expectTold({ home, page }: LaunchedStudio, text: string): Promise<void> {
  const path = join(home, 'lorikeet.log');
  await vi.waitFor(
    () => {
      expect(readFileSync(path, 'utf8')).toContain(text);
    },
    { timeout: 15_000 },
  );
  const notice = page.getByRole('status').filter({ hasText: text });
  await notice.waitFor();
  expect(await notice.textContent()).toContain(path);
}

function shownText({ app }: LaunchedStudio): Promise<unknown> {
  return app.evaluate(({ BrowserWindow }): Promise<unknown> | undefined =>
    BrowserWindow.getAllWindows()[0]?.webContents.executeJavaScript('document.body.innerText'),
  );
}

test('errors of the page and of main that nobody caught', async () => {
  await studio.page.getByRole('link', { name: 'New run' }).waitFor();
  await studio.page.evaluate(() => {
    setTimeout(() => {
      throw new Error('a page on purpose');
    });
  });
  await expectTold(studio, 'a page on purpose');
  await studio.app.evaluate(() => {
    setTimeout(() => {
      throw new Error('main on purpose');
    });
  });
  await expectTold(studio, 'main on purpose');
  // The folder is not opened here, only asked for.
  await studio.app.evaluate(({ shell }) => {
    shell.showItemInFolder = (path) => {
      process.env['SHOWN'] = path;
    };
  });
  await studio.page.getByRole('button', { name: 'Show the log' }).last().click();
  const shown = () => studio.app.evaluate(() => process.env['SHOWN']);
  await expect.poll(shown).toBe(join(studio.home, 'lorikeet.log'));
});

test('an engine that is killed', async () => {
  // The engine for queries has started for the device that the first page shows.
  const pid = await vi.waitFor(
    async () => {
      const found = await studio.app.evaluate(({ app }) =>
        app.getAppMetrics().find(({ name }) => name === 'Lorikeet queries'),
      );
      expect(found).toBeDefined();
      return found?.pid ?? 0;
    },
    { timeout: 15_000 },
  );
  process.kill(pid, 'SIGKILL');
  await expectTold(studio, 'its process was killed');
});

test('the process of the window: the page comes back and says so', async () => {
  const { app, page, home } = studio;
  await page.getByRole('link', { name: 'New run' }).waitFor();
  await app.evaluate(({ BrowserWindow }) => {
    BrowserWindow.getAllWindows()[0]?.webContents.forcefullyCrashRenderer();
  });
  // Playwright has done with a page that has crashed once; main still sees it.
  await vi.waitFor(
    async () => {
      // A page that is just going gives no answer.
      const text = await Promise.race([shownText(studio), sleep(1000, '')]);
      expect(text).toContain('New run');
      expect(text).toContain('Something went wrong in the window: its process ended');
      expect(text).toContain(join(home, 'lorikeet.log'));
    },
    { timeout: 20_000, interval: 500 },
  );
  const log = readFileSync(join(home, 'lorikeet.log'), 'utf8');
  expect(log).toContain('crash in the window: its process ended: ');
});
