import { expect, test } from 'vitest';
import { growth, isMet, percentile, renderRows } from '../../../scripts/alive/figures.ts';

test('the 99th percentile of two hundred clicks is the third longest', () => {
  const clicks = Array.from({ length: 200 }, (_, index) => 200 - index);
  expect(percentile(clicks, 0.99)).toBe(198);
  expect(percentile(clicks, 0.5)).toBe(100);
  expect([percentile([7], 0.99), percentile([], 0.99)]).toEqual([7, NaN]);
});

test('a goal is met at its own value, and not by a figure that is none', () => {
  const row = { what: 'a', unit: 'ms', goal: 100 };
  expect([100, 100.1, NaN].map((seen) => isMet({ ...row, seen }))).toEqual([true, false, false]);
});

test('growth leaves out what is held at first, and single peaks', () => {
  const held = [10, 90, ...Array.from({ length: 18 }, () => 100)];
  expect(growth(held)).toBe(0);
  expect(growth(held.map((value, at) => value + at))).toBe(10);
  expect(growth(held.map((value, at) => (at === 19 ? 500 : value)))).toBe(0);
});

test('a row says its goal, what was seen, and whether that is good', () => {
  const rows = [
    { what: 'a click', unit: 'ms', goal: 100, seen: 43.2 },
    { what: 'a longer one', unit: 'MB', goal: 9.5, seen: 1234 },
  ];
  expect(renderRows(rows)).toBe(
    [
      '                  goal     seen',
      'a click       < 100 ms    43 ms  ✓',
      'a longer one  < 9.5 MB  1234 MB  ✗',
    ].join('\n'),
  );
});
