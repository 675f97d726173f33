/** What can be done from anywhere: no two by the same keys, and each page of the sidebar among it. */
import { expect, test } from 'vitest';
import { actionOfKeys, actions, shownKeys } from '../../../src/renderer/lib/actions.ts';
import { pages } from '../../../src/renderer/lib/pages.ts';
import { parseRoute } from '../../../src/renderer/lib/route.ts';

test('keys and names mean one thing each', () => {
  const keys = actions.flatMap((each) => each.keys ?? []);
  expect(new Set(keys).size).toBe(keys.length);
  expect(new Set(actions.map(({ action }) => action)).size).toBe(actions.length);
});

test('every page with a link can be gone to, and every address is that of a page', () => {
  const reached: string[] = actions.flatMap(({ effect }) =>
    'to' in effect ? [parseRoute(effect.to).page] : [],
  );
  for (const { page, link } of pages) if (link !== null) expect(reached).toContain(page);
  const known: readonly string[] = pages.map(({ page }) => page);
  for (const { effect } of actions)
    if ('to' in effect) expect(known).toContain(effect.to.replace('#/', ''));
});

test('keys are written as on the machine', () => {
  expect(shownKeys('CmdOrCtrl+K', false)).toBe('Ctrl+K');
  expect(shownKeys('CmdOrCtrl+K', true)).toBe('⌘K');
});

const none = { ctrlKey: false, metaKey: false, altKey: false, shiftKey: false };

test.each([
  [{ key: 'k', ctrlKey: true }, false, 'find'],
  [{ key: 'N', ctrlKey: true }, false, 'new'],
  [{ key: '1', ctrlKey: true }, false, 'page runs'],
  [{ key: 'k', metaKey: true }, true, 'find'],
  [{ key: 'k', ctrlKey: true }, true, undefined],
  [{ key: 'k', metaKey: true }, false, undefined],
  [{ key: 'k' }, false, undefined],
  [{ key: 'k', ctrlKey: true, shiftKey: true }, false, undefined],
  // AltGr is both on some keyboards, and types a character.
  [{ key: '1', ctrlKey: true, altKey: true }, false, undefined],
  [{ key: 'x', ctrlKey: true }, false, undefined],
])('%j, on a Mac %s, is %s', (pressed, mac, wanted) => {
  expect(actionOfKeys({ ...none, ...pressed }, mac)?.action).toBe(wanted);
});
