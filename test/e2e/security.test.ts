/** What the page can and cannot do, asserted on the running application. The test whose navigation is refused comes last. */
import { beforeAll, expect, test, vi } from 'vitest';
import { contactsOf, ownAddress } from '../support/ways-out.ts';
import { pressDevToolsKeys } from './devtools-keys.ts';
import { addressAfterLeaving, guards } from './guards.ts';
import { sharedStudio, type SharedStudio } from './shared-studio.ts';

let studio: SharedStudio;
beforeAll(async () => {
  studio = await sharedStudio();
});

test('the page is isolated and sandboxed', async () => {
  const preferences = await studio.app.evaluate(({ BrowserWindow }): unknown => {
    const contents = BrowserWindow.getAllWindows()[0]?.webContents;
    // Electron has it and does not declare it.
    const read: unknown = contents && Reflect.get(contents, 'getLastWebPreferences');
    return typeof read === 'function' ? Reflect.apply(read, contents, []) : null;
  });
  expect(preferences).toMatchObject({
    contextIsolation: true,
    sandbox: true,
    nodeIntegration: false,
    webSecurity: true,
    webviewTag: false,
  });
});

test.each(guards)('$name', async ({ look, wanted }) => {
  expect(await look(studio.page)).toEqual(wanted);
});

test('the app protocol serves the page and nothing outside of it', async () => {
  const answers = await studio.page.evaluate(async () => {
    const ask = async (path: string) => {
      const response = await fetch(path);
      return [response.status, response.headers.get('content-security-policy')] as const;
    };
    return {
      page: await ask('/index.html'),
      outside: await ask('/..%2f..%2fpackage.json'),
      above: await ask('/%2e%2e/main/index.js'),
      missing: await ask('/no-such.js'),
    };
  });
  expect(answers.page[0]).toBe(200);
  expect(answers.page[1]).toMatch(/^default-src 'none'; script-src 'self'; style-src 'self';/);
  for (const refused of [answers.outside, answers.above, answers.missing])
    expect(refused[0]).toBe(404);
});

test('there is one window, whatever the page tried', async () => {
  const windows = await studio.app.evaluate(
    ({ BrowserWindow }) => BrowserWindow.getAllWindows().length,
  );
  expect(windows).toBe(1);
});

test('the main process does not let the page or Chromium out to the network', async () => {
  const outcome = await studio.app.evaluate(async ({ session }) =>
    session.defaultSession.fetch('https://example.org/').then(
      () => 'reached',
      (error: unknown) => String(error),
    ),
  );
  expect(outcome).toContain('ERR_BLOCKED_BY_CLIENT');
});

test.skipIf(ownAddress === undefined)('no way of the page leads to the network', async () => {
  expect(await contactsOf(studio.page, ownAddress ?? '')).toEqual([]);
});

test('keys open DevTools in this application, which is not packaged', async () => {
  const isOpen = () =>
    studio.app.evaluate(({ BrowserWindow }) =>
      BrowserWindow.getAllWindows()[0]?.webContents.isDevToolsOpened(),
    );
  expect(await isOpen()).toBe(false);
  // Electron opens them for the window with the keyboard, which a screen without a window manager may not have settled yet.
  const pressAndSee = async () => {
    await pressDevToolsKeys(studio.page);
    // They take a while to open on a busy machine.
    await expect.poll(isOpen, { timeout: 5000 }).toBe(true);
  };
  await vi.waitFor(pressAndSee, { timeout: 30_000 });
  await studio.app.evaluate(({ BrowserWindow }) => {
    BrowserWindow.getAllWindows()[0]?.webContents.closeDevTools();
  });
});

test('the page stays where it is', async () => {
  expect(await addressAfterLeaving(studio.page)).toMatch(/^app:\/\/lorikeet\/index\.html/);
});
