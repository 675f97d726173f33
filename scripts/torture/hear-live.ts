/** What the page hears straight from the engine, told to this process. */
import type { Page } from 'playwright-core';
import type { LiveEvent } from '../../src/shared/contract/events.ts';

declare global {
  interface Window {
    readonly tellTorture: (live: LiveEvent) => Promise<void>;
  }
}

export async function hearLive(page: Page, hear: (live: LiveEvent) => void): Promise<void> {
  await page.exposeFunction('tellTorture', hear);
  await page.evaluate(() => {
    window.lorikeet.onLiveEvent((live) => void window.tellTorture(live));
  });
}
