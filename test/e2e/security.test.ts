/** What the page can and cannot do, asserted on the running application. The test whose navigation is refused comes last. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchStudio, type LaunchedStudio, root } from './launch.ts';

let studio: LaunchedStudio;
beforeAll(async () => {
  studio = await launchStudio();
});
afterAll(() => studio.quit());

test('the page is isolated and sandboxed, and has nothing of Node', async () => {
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
  const found = await studio.page.evaluate(() =>
    ['require', 'process', 'Buffer', 'module', 'global', 'electron'].filter(
      (name) => name in globalThis,
    ),
  );
  expect(found).toEqual([]);
});

test('the bridge has exactly four functions and cannot be changed', async () => {
  const bridge = await studio.page.evaluate(() => {
    const given: unknown = Reflect.get(window, 'lorikeet');
    if (typeof given !== 'object' || given === null) return null;
    const replaced = Reflect.set(given, 'invoke', null);
    const added = Reflect.set(given, 'more', 1);
    const swapped = Reflect.set(window, 'lorikeet', {});
    const same = Reflect.get(window, 'lorikeet') === given;
    const frozen = Object.isFrozen(given);
    return { names: Object.keys(given).sort(), frozen, replaced, added, swapped: swapped && !same };
  });
  expect(bridge).toEqual({
    names: ['invoke', 'onLiveEvent', 'onStudioEvent', 'pathOfFile'],
    frozen: true,
    replaced: false,
    added: false,
    swapped: false,
  });
});

test('a command that is not in the contract is answered with a problem', async () => {
  const answer = await studio.page.evaluate(() =>
    window.lorikeet.invoke('shell.run', { command: 'id' }),
  );
  expect(answer).toMatchObject({ ok: false, problem: { code: 'studio/bad-request' } });
});

test('the policy refuses inline script, eval and foreign addresses', async () => {
  const outcome = await studio.page.evaluate(async () => {
    const script = document.createElement('script');
    script.textContent = 'globalThis.ran = true';
    document.head.append(script);
    // In a task of the page's own: DevTools, and so this test, may use eval whatever the policy says.
    const fails = (work: () => unknown) =>
      new Promise((resolve) => setTimeout(resolve, 0)).then(work).then(
        () => false,
        () => true,
      );
    return {
      inlineRan: 'ran' in globalThis,
      evalFails: await fails(() => (0, eval)('1')),
      foreignFails: await fails(() => fetch('https://example.org/')),
      fileFails: await fails(() => fetch('file:///etc/passwd')),
    };
  });
  expect(outcome).toEqual({
    inlineRan: false,
    evalFails: true,
    foreignFails: true,
    fileFails: true,
  });
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

test('permissions are refused and no window opens', async () => {
  const outcome = await studio.page.evaluate(async () => ({
    notification: await Notification.requestPermission(),
    location: await new Promise((resolve) => {
      navigator.geolocation.getCurrentPosition(
        () => {
          resolve('given');
        },
        () => {
          resolve('refused');
        },
      );
    }),
    opened: window.open('https://example.org/') !== null,
  }));
  expect(outcome).toEqual({ notification: 'denied', location: 'refused', opened: false });
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

test('a second start on the same data shows the first window and ends', async () => {
  await studio.app.evaluate(({ BrowserWindow }) => {
    BrowserWindow.getAllWindows()[0]?.hide();
  });
  const program = await studio.app.evaluate(() => process.execPath);
  const second = spawn(program, ['--no-sandbox', root], {
    env: { ...process.env, LORIKEET_HOME: studio.home },
    stdio: 'ignore',
  });
  expect(await once(second, 'exit')).toEqual([0, null]);
  await expect
    .poll(() =>
      studio.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.isVisible()),
    )
    .toBe(true);
});

test('the page stays where it is', async () => {
  await studio.page.evaluate(() => {
    location.href = 'https://example.org/';
  });
  await studio.page.waitForTimeout(300);
  expect(studio.page.url()).toMatch(/^app:\/\/lorikeet\/index\.html/);
});
