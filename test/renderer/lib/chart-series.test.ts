import { expect, test } from 'vitest';
import {
  clipOf,
  cutSeries,
  lastOf,
  leastStretch,
  type ChartSeries,
} from '../../../src/renderer/lib/chart-series.ts';
import { stepCurve } from '../../../src/renderer/lib/curves.ts';
import { stepsOf } from '../steps-of.ts';

const look = { label: 'a', colour: '--green', look: 'line' as const };
const long: ChartSeries = {
  ...look,
  ...stepCurve(stepsOf(Array.from({ length: 8000 }, (_, index) => index + 1)), 'loss'),
};
const few: ChartSeries = { ...look, points: [4000, 9000].map((x) => ({ x, y: 1 })) };

test('a stretch has the points behind a thinned curve, and curves that were never thinned as they are', () => {
  const [cut, same] = cutSeries([long, few], { from: 100, to: 200 });
  expect(cut?.points.map(({ x }) => x)).toEqual(Array.from({ length: 103 }, (_, i) => 99 + i));
  expect(same).toBe(few);
});

test('the axis ends with the last point of all, and four steps are the closest', () => {
  expect(lastOf([long, few])).toBe(9000);
  expect(leastStretch([long])).toBe(4);
  expect([lastOf([]), leastStretch([])]).toEqual([0, 0]);
});

test('a curve that goes on behind an edge is cut there', () => {
  const shown = { from: 5000, to: 9000 };
  expect(clipOf(few.points, shown)).toMatchObject({ left: 0, right: 8 });
  expect(clipOf(few.points, { from: 0, to: 8000 })).toMatchObject({ left: 8, right: 0 });
});
