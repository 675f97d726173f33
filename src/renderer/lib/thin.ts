/** Thins a curve for the screen so that no peak and no dip is lost. */
import type { Point } from './point.ts';

/**
 * At most `limit` of `points` (ascending in x): the first, the last, and of each of limit / 2 - 1 stretches of equal
 * count its lowest and its highest point, in their own order. A curve within the limit comes back as it is.
 */
export function thinKeepingExtremes(points: readonly Point[], limit: number): readonly Point[] {
  if (points.length <= limit) return points;
  const ys = Float64Array.from(points, ({ y }) => y);
  return keptIndices(ys, limit).flatMap((index) => points[index] ?? []);
}

/** The same of a curve whose xs and ys are columns of equal length. */
export function thinColumns(xs: Float64Array, ys: Float64Array, limit: number): Point[] {
  return keptIndices(ys, limit).map((index) => ({ x: xs[index] ?? NaN, y: ys[index] ?? NaN }));
}

/** Which of the values stay, ascending. */
function keptIndices(values: Float64Array, limit: number): number[] {
  const count = values.length;
  if (count <= limit) return Array.from(values, (_, index) => index);
  const stretches = Math.max(1, Math.floor(limit / 2) - 1);
  const inner = count - 2;
  const kept = [0];
  for (let stretch = 0; stretch < stretches; stretch += 1) {
    const from = 1 + Math.floor((stretch * inner) / stretches);
    const to = 1 + Math.floor(((stretch + 1) * inner) / stretches);
    kept.push(...extremes(values, from, to));
  }
  kept.push(count - 1);
  return kept;
}

/** The lowest and the highest of values[from, to), in their own order; a value that is not a number counts as an extreme. */
function extremes(values: Float64Array, from: number, to: number): number[] {
  let low = from;
  let high = from;
  for (let index = from; index < to; index += 1) {
    const y = values[index] ?? 0;
    if (!Number.isFinite(y)) return [index];
    if (y < (values[low] ?? 0)) low = index;
    if (y > (values[high] ?? 0)) high = index;
  }
  if (low === high) return [low];
  return [Math.min(low, high), Math.max(low, high)];
}
