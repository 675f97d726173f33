/** The table of pages. */
import { expect, test } from 'vitest';
import { isWide, linkedPage, pages } from '../../../src/renderer/lib/pages.ts';
import { parseRoute } from '../../../src/renderer/lib/route.ts';

test('every page has an address of its own, and can be reached by it', () => {
  expect(pages.map(({ page }) => parseRoute(`#/${page}/1`).page)).toEqual(
    pages.map(({ page }) => page),
  );
});

test('a page without a link is found under one that has one', () => {
  const linked: readonly string[] = pages.flatMap(({ page, link }) =>
    link === null ? [] : [page],
  );
  for (const { page } of pages) expect(linked).toContain(linkedPage(page));
  expect([linkedPage('run'), linkedPage('new')]).toEqual(['runs', 'new']);
});

test('pages on which things stand side by side are wide', () => {
  expect(pages.flatMap(({ page }) => (isWide(page) ? [page] : []))).toEqual([
    ...['run', 'compare', 'playground'],
  ]);
});
