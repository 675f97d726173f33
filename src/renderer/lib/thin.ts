/** Thins a curve for the screen so that no peak and no dip is lost. */
import type { Point } from './point.ts';

/**
 * At most about `limit` of `points` (ascending in x): the first, the last, and of each of limit / 2 stretches of equal
 * count its lowest and its highest point, in their own order. A curve within the limit comes back as it is.
 */
export function thinKeepingExtremes(points: readonly Point[], limit: number): readonly Point[] {
  const first = points[0];
  const last = points.at(-1);
  if (points.length <= limit || first === undefined || last === undefined) return points;
  const stretches = Math.max(1, Math.floor(limit / 2));
  const inner = points.length - 2;
  const kept: Point[] = [first];
  for (let stretch = 0; stretch < stretches; stretch += 1) {
    const from = 1 + Math.floor((stretch * inner) / stretches);
    const to = 1 + Math.floor(((stretch + 1) * inner) / stretches);
    kept.push(...extremes(points, from, to));
  }
  kept.push(last);
  return kept;
}

/** The lowest and the highest of points[from, to), in their own order; a value that is not a number counts as an extreme. */
function extremes(points: readonly Point[], from: number, to: number): Point[] {
  let low = from;
  let high = from;
  for (let index = from; index < to; index += 1) {
    const y = points[index]?.y ?? 0;
    if (!Number.isFinite(y)) return points.slice(index, index + 1);
    if (y < (points[low]?.y ?? 0)) low = index;
    if (y > (points[high]?.y ?? 0)) high = index;
  }
  return [...new Set([Math.min(low, high), Math.max(low, high)])].flatMap(
    (index) => points[index] ?? [],
  );
}
