/** What the page must not have or get, each as a look at the page and what it has to show: the same in tests and in the package. */
import type { Page } from 'playwright-core';

export type Guard = { name: string; look: (page: Page) => Promise<unknown>; wanted: unknown };

export const guards: Guard[] = [
  {
    name: 'the page has nothing of Node or Electron, and no webview',
    look: (page) =>
      page.evaluate(() => {
        const names = [
          'require',
          'process',
          'Buffer',
          'module',
          'global',
          'electron',
          'ipcRenderer',
        ];
        const view = document.createElement('webview');
        const found = names.filter((name) => name in globalThis);
        return [...found, ...['getURL', 'src'].filter((name) => name in view)];
      }),
    wanted: [],
  },
  {
    name: 'the bridge has exactly four functions and cannot be changed',
    look: (page) =>
      page.evaluate(() => {
        const given: unknown = Reflect.get(window, 'lorikeet');
        if (typeof given !== 'object' || given === null) return null;
        const replaced = Reflect.set(given, 'invoke', null);
        const added = Reflect.set(given, 'more', 1);
        const swapped = Reflect.set(window, 'lorikeet', {});
        const same = Reflect.get(window, 'lorikeet') === given;
        return {
          names: Object.keys(given).sort(),
          ...{ frozen: Object.isFrozen(given), replaced, added, swapped: swapped && !same },
        };
      }),
    wanted: {
      names: ['invoke', 'onLiveEvent', 'onStudioEvent', 'pathOfFile'],
      ...{ frozen: true, replaced: false, added: false, swapped: false },
    },
  },
  {
    name: 'the preload works in a world of its own',
    // Its set of listeners would be one of the page's, and their functions would be called.
    look: (page) =>
      page.evaluate(() => {
        const own = Object.getOwnPropertyDescriptor(Set.prototype, 'add');
        let seen = 0;
        const count = () => (seen += 1);
        Object.defineProperty(Set.prototype, 'add', { configurable: true, value: count });
        new Set().add(1);
        window.lorikeet.onLiveEvent(() => undefined);
        if (own) Object.defineProperty(Set.prototype, 'add', own);
        return seen;
      }),
    wanted: 1,
  },
  {
    name: 'the policy refuses inline script, eval, and files and addresses that are not the own',
    look: (page) =>
      page.evaluate(async () => {
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
          functionFails: await fails(() => Reflect.construct(Function, ['return 1'])),
          foreignFails: await fails(() => fetch('https://example.org/')),
          fileFails: await fails(() => fetch('file:///etc/passwd')),
          ownWorks: !(await fails(() => fetch('/index.html'))),
        };
      }),
    wanted: {
      inlineRan: false,
      ...{ evalFails: true, functionFails: true, foreignFails: true, fileFails: true },
      ownWorks: true,
    },
  },
  {
    name: 'permissions are refused and no window opens',
    look: (page) =>
      page.evaluate(async () => {
        const said = (work: Promise<unknown>) =>
          work.then(
            () => 'given',
            () => 'refused',
          );
        const place = new Promise((resolve, reject) => {
          navigator.geolocation.getCurrentPosition(resolve, reject);
        });
        return {
          notification: await Notification.requestPermission(),
          location: await said(place),
          camera: await said(navigator.mediaDevices.getUserMedia({ video: true })),
          screen: await said(navigator.mediaDevices.getDisplayMedia()),
          clipboard: await said(navigator.clipboard.readText()),
          opened: window.open('https://example.org/') !== null,
        };
      }),
    wanted: {
      notification: 'denied',
      ...{ location: 'refused', camera: 'refused', screen: 'refused', clipboard: 'refused' },
      opened: false,
    },
  },
];

/** To come last: later actions of Playwright on the page wait for ever. */
export async function addressAfterLeaving(page: Page): Promise<string> {
  await page.evaluate(() => {
    location.href = 'https://example.org/';
  });
  await page.waitForTimeout(300);
  return page.url();
}
