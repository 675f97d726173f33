/** What a page complains of while it is tested. */
import type { Page } from 'playwright-core';

/** Errors and warnings of its console from now on; the list grows. */
export function complaintsOf(page: Page): string[] {
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  return complaints;
}
