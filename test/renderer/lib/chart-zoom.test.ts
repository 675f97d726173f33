import { expect, test } from 'vitest';
import { afterKey, type Zoom } from '../../../src/renderer/lib/chart-zoom.ts';

const whole: Zoom = { whole: { from: 0, to: 900 }, shown: null, least: 4 };
const part: Zoom = { ...whole, shown: { from: 300, to: 600 } };

test('keys zoom, move and go back to the whole; others are left to the page', () => {
  expect(afterKey('+', whole)).toEqual({ from: 150, to: 750 });
  expect(afterKey('=', whole)).toEqual(afterKey('+', whole));
  expect(afterKey('-', part)).toEqual({ from: 225, to: 675 });
  expect(afterKey('-', whole)).toBeNull();
  expect(afterKey('ArrowRight', part)).toEqual({ from: 360, to: 660 });
  expect(afterKey('ArrowLeft', part)).toEqual({ from: 240, to: 540 });
  expect([afterKey('Home', part), afterKey('End', part)]).toEqual([
    { from: 0, to: 300 },
    { from: 600, to: 900 },
  ]);
  expect(afterKey('0', part)).toBeNull();
  expect(afterKey('Tab', part)).toBeUndefined();
});
