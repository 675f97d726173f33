import { expect, test } from 'vitest';
import { MetricSeries } from '../../../src/renderer/lib/metric-series.ts';

const step = (number: number, from = 'live') => ({ step: number, from });
const steps = (series: MetricSeries<{ step: number }>) => series.points.map((point) => point.step);

test('live points before, during and after the backfill: each step once, in order', () => {
  const series = new MetricSeries<{ step: number; from: string }>();
  series.add(step(8));
  series.add(step(9));
  expect(series.merge([1, 2, 3, 4, 5, 6, 7, 8].map((number) => step(number, 'store')))).toBe(true);
  series.add(step(10));
  expect(series.add(step(9))).toBe(false);
  expect(steps(series)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  expect(series.points.find((point) => point.step === 8)?.from).toBe('live');
});

test('a late point goes to its place', () => {
  const series = new MetricSeries<{ step: number }>();
  for (const number of [1, 5, 9]) series.add({ step: number });
  expect(series.add({ step: 7 })).toBe(true);
  expect(series.add({ step: 0 })).toBe(true);
  expect(series.add({ step: 5 })).toBe(false);
  expect(steps(series)).toEqual([0, 1, 5, 7, 9]);
});

test('a second backfill with nothing new changes nothing', () => {
  const series = new MetricSeries<{ step: number }>();
  series.merge([{ step: 2 }, { step: 1 }]);
  expect(steps(series)).toEqual([1, 2]);
  expect(series.merge([{ step: 1 }, { step: 2 }])).toBe(false);
});
