/** The window opens where it was, and never where no screen is. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { fitToScreens, keepWindowState, readWindowState } from '../../src/main/window-state.ts';

const root = mkdtempSync(join(tmpdir(), 'lorikeet-window-'));
afterAll(() => {
  rmSync(root, { recursive: true });
});
const state = { corner: { x: 100, y: 50 }, width: 1000, height: 700, maximized: true };

test('a state comes back as it was kept, and a file that cannot be read gives a first one', () => {
  const file = join(root, 'deep', 'window.json');
  expect(readWindowState(file)).toMatchObject({ corner: null, width: 1280 });
  keepWindowState(file, state);
  expect(readWindowState(file)).toEqual(state);
  writeFileSync(file, '{"width": 3}');
  expect(readWindowState(file)).toMatchObject({ corner: null, width: 1280 });
});

test('a corner on a screen that is gone is forgotten, its size is not', () => {
  const screen = { x: 0, y: 0, width: 1920, height: 1080 };
  expect(fitToScreens(state, [screen])).toEqual(state);
  const far = { ...state, corner: { x: 2500, y: 50 } };
  expect(fitToScreens(far, [screen])).toEqual({ ...state, corner: null });
  expect(fitToScreens(far, [screen, { ...screen, x: 1920 }])).toEqual(far);
});
