/** What the sticky foot of a page covers of that to which the keyboard comes. */
import type { Page } from 'playwright-core';

/** Presses Tab from the top of the page to its foot; names what was focused and lay below the foot's upper edge. */
export async function coveredByFoot(page: Page): Promise<string[]> {
  await page.locator('main').evaluate((main) => {
    main.scrollTo(0, 0);
    main.querySelector('h1')?.focus();
  });
  const foot = page.locator('[data-foot]');
  const covered: string[] = [];
  for (let press = 0; press < 300; press += 1) {
    await page.keyboard.press('Tab');
    const said = await foot.evaluate((of) => {
      const { activeElement: focused } = document;
      if (focused === null || of.contains(focused)) return null;
      const { bottom } = focused.getBoundingClientRect();
      const above = bottom <= of.getBoundingClientRect().top + 0.5;
      const name = focused.getAttribute('aria-label') ?? focused.id;
      return above ? '' : `${focused.tagName} ${name} ${focused.textContent.trim().slice(0, 40)}`;
    });
    if (said === null) return covered;
    if (said !== '') covered.push(said);
  }
  throw new RangeError('the foot was not reached');
}
