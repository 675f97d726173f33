import { expect, test } from 'vitest';
import { thinColumns, thinKeepingExtremes } from '../../../src/renderer/lib/thin.ts';

/** A slow wave with one peak and one dip that are a single point wide. */
const wave = Array.from({ length: 50_000 }, (_, x) => ({
  x,
  y: x === 31_337 ? 99 : x === 7_001 ? -99 : Math.sin(x / 500),
}));

test('a short curve is left as it is', () => {
  const short = wave.slice(0, 2000);
  expect(thinKeepingExtremes(short, 2000)).toBe(short);
});

test('a long curve keeps its ends, its highest and its lowest point, in order', () => {
  const thinned = thinKeepingExtremes(wave, 2000);
  expect(thinned.length).toBeLessThanOrEqual(2000);
  expect(thinned.length).toBeGreaterThan(1000);
  expect(thinned.at(0)).toEqual(wave.at(0));
  expect(thinned.at(-1)).toEqual(wave.at(-1));
  expect(thinned).toContainEqual({ x: 31_337, y: 99 });
  expect(thinned).toContainEqual({ x: 7_001, y: -99 });
  const xs = thinned.map(({ x }) => x);
  expect(xs).toEqual([...new Set(xs)].sort((one, other) => one - other));
});

test('columns are thinned to the same points', () => {
  const [xs, ys] = (['x', 'y'] as const).map((key) => Float64Array.from(wave, (at) => at[key]));
  if (xs && ys) expect(thinColumns(xs, ys, 2000)).toEqual(thinKeepingExtremes(wave, 2000));
  expect(thinColumns(Float64Array.of(1, 2), Float64Array.of(5, NaN), 10)).toEqual([
    { x: 1, y: 5 },
    { x: 2, y: NaN },
  ]);
});

test('a value that is not a number stays to be seen', () => {
  const broken = wave.map((point) => (point.x === 20_000 ? { x: point.x, y: NaN } : point));
  expect(thinKeepingExtremes(broken, 2000).some(({ y }) => Number.isNaN(y))).toBe(true);
});
