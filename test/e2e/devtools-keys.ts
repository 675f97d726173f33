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
  const press = async () => {
    await pressTogether(['Control', 'Shift', 'I'], corner);
    return heard.jsonValue();
  };
  const options = { interval: 500, timeout: 10_000 };
  await expect.poll(press, options).toEqual(expect.arrayContaining(['Control', 'Shift', 'I']));
}
