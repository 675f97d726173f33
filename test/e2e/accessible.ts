/** Looks at the page as it is with axe-core. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type axe from 'axe-core';
import type { Page } from 'playwright-core';

declare global {
  interface Window {
    /** Once its source was evaluated. */
    readonly axe: typeof axe;
  }
}

const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Colours on their way from one theme to the other have a contrast that nobody is to read. */
async function atRest(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const ending = document
      .getAnimations()
      .filter(({ effect }) => effect?.getComputedTiming().endTime !== Infinity);
    await Promise.allSettled(ending.map(({ finished }) => finished));
  });
}

/** The rules of axe-core about colours, but for those that it has to be asked for. */
export const ofColours = ['color-contrast', 'link-in-text-block'];

/** In light and in dark, which differ in nothing but colours. */
export async function faultsInBothThemes(page: Page): Promise<string[]> {
  await page.emulateMedia({ colorScheme: 'light' });
  const inLight = await accessibilityFaults(page);
  await page.emulateMedia({ colorScheme: 'dark' });
  return [...inLight, ...(await accessibilityFaults(page, ofColours))];
}

/**
 * What axe-core finds wrong once nothing moves: rule and place, one line each.
 * @param rules those to be looked at; all if none are named
 */
export async function accessibilityFaults(
  page: Page,
  rules: readonly string[] = [],
): Promise<string[]> {
  await atRest(page);
  // As a value of an expression: a script element would be refused by the page's policy.
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(source);
  return page.evaluate(async (named) => {
    // Where what is right stands costs more than to find what is wrong.
    const { violations } = await window.axe.run({
      resultTypes: ['violations'],
      ...(named.length > 0 ? { runOnly: { type: 'rule', values: [...named] } } : {}),
    });
    return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
  }, rules);
}
