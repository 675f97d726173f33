import { describe, expect, test } from 'vitest';
import {
  formatBytes,
  formatCompact,
  formatCount,
  formatDuration,
  formatLoss,
  formatPercent,
  formatRate,
  formatSmall,
} from '../../src/shared/format.ts';

/** Narrow no-break spaces as plain ones, to be readable here. */
const plain = (text: string): string => text.replaceAll('\u202f', ' ');

describe('counts', () => {
  test.each([
    [0, '0'],
    [1536, '1,536'],
    [134_515_008, '134,515,008'],
  ])('%d in full', (count, said) => {
    expect(formatCount(count)).toBe(said);
  });

  test.each([
    [0, '0'],
    [999, '999'],
    [1000, '1.00 K'],
    [12_430, '12.4 K'],
    [134_515_008, '135 M'],
    [2_442_240, '2.44 M'],
    [7.3e12, '7.30 T'],
    [5e15, '5,000 T'],
  ])('%d in short', (count, said) => {
    expect(plain(formatCompact(count))).toBe(said);
  });
});

test.each([
  [0, '0 B'],
  [1023, '1,023 B'],
  [1024, '1.00 KiB'],
  [97_900_000, '93.4 MiB'],
  [25_769_803_776, '24.0 GiB'],
])('%d bytes', (bytes, said) => {
  expect(plain(formatBytes(bytes))).toBe(said);
});

test.each([
  [0, '0.0 s'],
  [8.44, '8.4 s'],
  [9.96, '10 s'],
  [59.6, '1 min 00 s'],
  [185, '3 min 05 s'],
  [3599.4, '59 min 59 s'],
  [3599.8, '1 h 00 min'],
  [7800, '2 h 10 min'],
  [100_000, '27 h 47 min'],
  [-1, '–'],
  [Infinity, '–'],
  [NaN, '–'],
])('%d seconds', (seconds, said) => {
  expect(plain(formatDuration(seconds))).toBe(said);
});

test.each([
  [0, '0 %'],
  [1, '100.0 %'],
  [0.0182, '1.82 %'],
  [0.00915, '0.92 %'],
  [0.0015, '0.15 %'],
  [0.000031, '0.0031 %'],
  [1e-12, '1.0e−10 %'],
  [-0.25, '-25.0 %'],
])('%d as per cent', (share, said) => {
  expect(plain(formatPercent(share))).toBe(said);
});

test.each([
  [null, '–'],
  [3.21456, '3.215'],
  [0.0099, '0.0099'],
  [0.000012, '1.2e−5'],
  [NaN, 'not a number'],
  [-Infinity, 'infinite'],
])('a loss of %s', (loss, said) => {
  expect(formatLoss(loss)).toBe(said);
});

test.each([
  [0, '0'],
  [2e-4, '2.0e−4'],
  [0.001, '0.001'],
  [0.35, '0.35'],
  [16, '16'],
  [9999, '10000'],
  [12_345, '1.2e4'],
])('%d, which may be small', (value, said) => {
  expect(formatSmall(value)).toBe(said);
});

test('speed has its unit', () => {
  expect(plain(formatRate(812.7))).toBe('813 tok/s');
  expect(plain(formatRate(19.84))).toBe('19.8 tok/s');
});
