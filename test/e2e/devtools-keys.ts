/** The keys that open DevTools, pressed on the keyboard of the screen until the page has heard them. */
import type { Page } from 'playwright-core';
import { expect, vi } from 'vitest';
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
  // Pressed again before they were heard, they would close what they have opened.
  const pressAndHear = async () => {
    await pressTogether(keys, corner);
    const wanted = expect.arrayContaining([...keys]) as unknown;
    await expect.poll(() => heard.jsonValue(), { timeout: 2000 }).toEqual(wanted);
  };
  await vi.waitFor(pressAndHear, { timeout: 10_000 });
}
