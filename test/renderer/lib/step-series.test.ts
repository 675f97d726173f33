import { expect, test } from 'vitest';
import { StepSeries } from '../../../src/renderer/lib/step-series.ts';
import { columnsAt, pointOf } from '../steps-of.ts';

const steps = (series: StepSeries) => [...series.column('step')];

test('live points before, during and after the backfill: each step once, in order', () => {
  const series = new StepSeries();
  series.add(pointOf(8, 88));
  series.add(pointOf(9));
  expect(series.merge(columnsAt([1, 2, 3, 4, 5, 6, 7, 8]))).toBe(true);
  series.add(pointOf(10));
  expect(series.add(pointOf(9))).toBe(false);
  expect(steps(series)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  // The live one stays.
  expect(series.at(7)).toEqual(pointOf(8, 88));
  expect(series.at(-1)).toEqual(pointOf(10));
  expect([series.at(10), series.at(-11)]).toEqual([undefined, undefined]);
});

test('a late point goes to its place', () => {
  const series = new StepSeries();
  for (const step of [1, 5, 9]) series.add(pointOf(step));
  expect(series.add(pointOf(7))).toBe(true);
  expect(series.add(pointOf(0))).toBe(true);
  expect(series.add(pointOf(5))).toBe(false);
  series.add(pointOf(11));
  expect(steps(series)).toEqual([0, 1, 5, 7, 9, 11]);
});

test('a second backfill with nothing new changes nothing', () => {
  const series = new StepSeries();
  expect(series.merge(columnsAt([]))).toBe(false);
  series.merge(columnsAt([1, 2]));
  expect(series.merge(columnsAt([1, 2]))).toBe(false);
  expect(steps(series)).toEqual([1, 2]);
});

test('every figure of thousands of points stays as it was told', () => {
  const series = new StepSeries();
  for (let step = 1; step <= 5000; step += 1) series.add(pointOf(step, 1 / step));
  expect(series.length).toBe(5000);
  expect(series.at(4321)).toEqual(pointOf(4322, 1 / 4322));
});
