/** Names of a series, which differ at their ends, in little room. */
import { expect, test } from 'vitest';
import { cutName, nameParts } from '../../../src/renderer/lib/cut-name.ts';

const series = ['0.0001', '0.0002'].map((rate) => `lamps of the house: learning rate ${rate}`);

test('the end of a long name is a part of its own, which is never cut', () => {
  expect(nameParts('lamps')).toEqual(['lamps', '']);
  const parts = series.map(nameParts);
  expect(parts.map(([head, tail]) => head + tail)).toEqual(series);
  expect(parts.map(([, tail]) => tail)).toEqual([' rate 0.0001', ' rate 0.0002']);
});

test('a name is cut in its middle', () => {
  expect(cutName('lamps', 5)).toBe('lamps');
  expect(series.map((name) => cutName(name, 15))).toEqual(['lamps o… 0.0001', 'lamps o… 0.0002']);
  expect(cutName('👩‍🏭🪔🪔🪔👩‍🏭', 3)).toBe('👩‍🏭…👩‍🏭');
});
