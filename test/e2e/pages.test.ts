/** Every page in light and in dark, in a small and in a large window, is free of what axe finds, and can be used with the keyboard alone. */
import { beforeAll, describe, expect, test } from 'vitest';
import { pages } from '../../src/renderer/lib/pages.ts';
import { accessibilityFaults, ofColours } from './accessible.ts';
import { sharedStudio, type SharedStudio } from './shared-studio.ts';

/** Pages that need nothing to be shown. */
const names = pages.flatMap(({ page, id }) => (id === 'required' ? [] : [page]));

let studio: SharedStudio;
beforeAll(async () => {
  studio = await sharedStudio();
});

const looks = [
  { theme: 'Light', width: 1000, height: 700 },
  { theme: 'Dark', width: 1000, height: 700 },
  { theme: 'Light', width: 2560, height: 1440 },
  { theme: 'Dark', width: 2560, height: 1440 },
];
describe.each(looks)('$theme, $width × $height', ({ theme, width, height }) => {
  test.each(names)('%s', async (name) => {
    const { page } = studio;
    await page.setViewportSize({ width, height });
    await page.getByRole('radio', { name: theme, exact: true }).check({ force: true });
    await page.evaluate((hash) => {
      location.hash = hash;
    }, `#/${name}`);
    await page.locator('h1').waitFor();
    if (name === 'new') await page.getByRole('grid', { name: 'Target modules' }).waitFor();
    // The same page was looked at whole in light.
    const rules = theme === 'Dark' ? ofColours : [];
    expect(await accessibilityFaults(page, rules)).toEqual([]);
    // Nothing is cut off at the right.
    const main = page.locator('main');
    expect(await main.evaluate((each) => each.scrollWidth - each.clientWidth)).toBe(0);
  });
});

test('the grid of target modules with the keyboard: arrows move, space chooses, shift carries along', async () => {
  const { page } = studio;
  await page.getByRole('link', { name: 'New run', exact: true }).click();
  const grid = page.getByRole('grid', { name: 'Target modules' });
  await grid.waitFor();
  const chosen = grid.locator('[aria-selected="true"]');
  expect(await chosen.count()).toBe(7 * 30);
  await page.getByRole('button', { name: 'Clear' }).press('Enter');
  expect(await chosen.count()).toBe(0);
  // The choice of what a press does lies between.
  await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Space');
  await page.keyboard.press('Shift+ArrowRight');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Space');
  const names = await chosen.evaluateAll((cells) =>
    cells.map((cell) => cell.getAttribute('aria-label')),
  );
  expect(names).toEqual(['q_proj, layer 0', 'q_proj, layer 1', 'k_proj, layer 1']);
  // 8 · (2 · (576 + 576) + (576 + 192))
  await page.getByText('24,576').waitFor();
  await page.keyboard.press('Control+Home');
  await page.keyboard.press('Space');
  expect(await chosen.count()).toBe(7 * 30);
});

test('the form keeps what was filled in while another page is looked at', async () => {
  const { page } = studio;
  await page.getByRole('link', { name: 'New run', exact: true }).click();
  await page.getByRole('spinbutton', { name: 'Rank' }).fill('4');
  await page.getByRole('link', { name: 'Compare' }).click();
  await page.getByRole('heading', { name: 'Compare', exact: true }).waitFor();
  await page.getByRole('link', { name: 'New run', exact: true }).click();
  expect(await page.getByRole('spinbutton', { name: 'Rank' }).inputValue()).toBe('4');
});
