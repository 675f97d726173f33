/** The keys that open DevTools, pressed on the keyboard of the screen until the page has heard them. */
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { pressTogether } from '../support/x-keyboard.ts';

export async function pressDevToolsKeys(page: Page): Promise<void> {
  const heard = await page.evaluateHandle(() => {
    const keys: string[] = [];
    document.addEventListener('keydown', ({ key }) => keys.push(key));
    return keys;
  });
  const corner = await page.evaluate(() => ({ x: screenX + 20, y: screenY + outerHeight - 20 }));
  await page.bringToFront();
  const keys = ['Control', 'Shift', 'I'] as const;
  const areHeard = () =>
    expect
      .poll(() => heard.jsonValue(), { timeout: 2000 })
      .toEqual(expect.arrayContaining([...keys]));
  // Pressed again before they were heard, they would close what they have opened.
  for (let tries = 0; tries < 4; tries += 1) {
    await pressTogether(keys, corner);
    try {
      await areHeard();
      return;
    } catch {
      // The window did not have the keyboard yet.
    }
  }
  await areHeard();
}
