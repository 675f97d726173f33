import { expect, test } from 'vitest';
import { between, moved, zoomed } from '../../../src/renderer/lib/stretch.ts';

const whole = { from: 0, to: 1000 };
const bounds = { whole, least: 10 };

test('closer, the place under the pointer stays under it', () => {
  const near = zoomed(whole, bounds, 4, 0.8);
  expect(near).toEqual({ from: 600, to: 850 });
  expect(near && zoomed(near, bounds, 2, 0.8)).toEqual({ from: 700, to: 825 });
});

test('no closer than the shortest stretch, and wider up to the whole, which is null', () => {
  expect(zoomed({ from: 500, to: 512 }, bounds, 100)).toEqual({ from: 501, to: 511 });
  expect(zoomed({ from: 900, to: 1000 }, bounds, 1 / 2)).toEqual({ from: 800, to: 1000 });
  expect(zoomed({ from: 300, to: 900 }, bounds, 1 / 2)).toBeNull();
});

test('moved no further than the curve goes, at the same width', () => {
  const shown = { from: 400, to: 600 };
  expect(moved(shown, whole, 0.25)).toEqual({ from: 450, to: 650 });
  expect(moved(shown, whole, 100)).toEqual({ from: 800, to: 1000 });
  expect(moved(shown, whole, -Infinity)).toEqual({ from: 0, to: 200 });
  expect(moved(whole, whole, 0.5)).toBeNull();
});

test('a marked stretch is the same from either end, and as long as the shortest at least', () => {
  const shown = { from: 200, to: 600 };
  expect(between(shown, bounds, 0.25, 0.5)).toEqual({ from: 300, to: 400 });
  expect(between(shown, bounds, 0.5, 0.25)).toEqual({ from: 300, to: 400 });
  expect(between(shown, bounds, 0.5, 0.505)).toEqual({ from: 396, to: 406 });
});
