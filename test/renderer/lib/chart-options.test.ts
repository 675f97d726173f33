/** The limits of the y axis. */
import { expect, test } from 'vitest';
import { xAxes } from '../../../src/renderer/lib/x-axes.ts';
import { formatLoss } from '../../../src/shared/format.ts';
import { chartOptions, tickLabel, withRoom } from '../../../src/renderer/lib/chart-options.ts';

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
  const limits = (min: number, max: number, of = { min, max }) => {
    const scale = { min, max, getMinMax: () => of };
    Reflect.apply(y?.afterDataLimits ?? (() => {}), null, [scale]);
    return { min: scale.min, max: scale.max };
  };
  expect(limits(0.005, 4.005)).toEqual({ min: 0, max: 4.165 });
  // Chart.js makes room of its own around a single value.
  expect(limits(-1, 1, { min: 0, max: 0 })).toEqual({ min: 0, max: 1 });
  expect(y).not.toHaveProperty('grace');
});

test('steps have ticks at whole numbers, and no label comes twice in a row', () => {
  const ticks = chartOptions(
    {
      ...{ x: { ...xAxes.step }, y: { label: 'Loss', format: formatLoss } },
      ...{ logarithmic: false, compact: false },
    },
    () => '#000',
    { from: 0, to: 1 },
  ).scales?.['x']?.ticks;
  expect(ticks).toMatchObject({ precision: 0 });
  expect(tickLabel(formatLoss, 2.3001, undefined)).toBe('2.300');
  expect(tickLabel(formatLoss, 2.3002, 2.3001)).toBeNull();
  expect(tickLabel(formatLoss, 2.301, 2.3002)).toBe('2.301');
});
