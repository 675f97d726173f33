/** Figures as the terminal shows them. */
import { expect, test } from 'vitest';
import {
  formatBytes,
  formatCount,
  formatDuration,
  formatFigure,
  formatPercent,
} from '../../src/cli/format.ts';
import { renderPairs, renderTable } from '../../src/cli/table.ts';

test('counts, bytes and shares', () => {
  expect(formatCount(134_515_008)).toBe('134,515,008');
  expect(formatBytes(999)).toBe('999 B');
  expect(formatBytes(4_123_000_000)).toBe('3.84 GiB');
  expect(formatPercent(0.875)).toBe('87.5 %');
});

test('durations are said as in the window, with plain spaces', () => {
  expect([0, 59.4, 200, 7500].map(formatDuration)).toEqual([
    '0.0 s',
    '59 s',
    '3 min 20 s',
    '2 h 05 min',
  ]);
});

test('small figures keep their digits', () => {
  expect([0, 1.23456e-5, 0.0451, 12.34567].map(formatFigure)).toEqual([
    '0',
    '1.23e-5',
    '0.0451',
    '12.35',
  ]);
});

test('tables and pairs are aligned and end without spaces', () => {
  expect(
    renderTable(
      ['id', 'name'],
      [
        ['1', 'a'],
        ['12', 'long name'],
      ],
    ),
  ).toBe('id  name\n1   a\n12  long name');
  expect(
    renderPairs([
      ['A', '1'],
      ['Long', ''],
    ]),
  ).toBe('A     1\nLong');
});
