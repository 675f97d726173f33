/** The limits of the y axis. */
import { expect, test } from 'vitest';
import { chartOptions, withRoom } from '../../../src/renderer/lib/chart-options.ts';

test('a loss near 0 has no room below 0, which it can never reach', () => {
  expect(withRoom({ min: 0.005, max: 4.005 })).toEqual({ min: 0, max: 4.165 });
});

test('elsewhere there is a little room on both sides', () => {
  expect(withRoom({ min: 2, max: 3 })).toEqual({ min: 1.96, max: 3.04 });
});

test('the axis takes its limits from there and from nowhere else', () => {
  const format = String;
  const axes = { x: { label: 'Step', format }, y: { label: 'Loss', format } };
  const look = { ...axes, logarithmic: false, compact: false };
  const y = chartOptions(look, () => '#000', { from: 0, to: 10 }).scales?.['y'];
  const scale = { min: 0.005, max: 4.005 };
  Reflect.apply(y?.afterDataLimits ?? (() => {}), null, [scale]);
  expect(scale).toEqual({ min: 0, max: 4.165 });
  expect(y).not.toHaveProperty('grace');
});
