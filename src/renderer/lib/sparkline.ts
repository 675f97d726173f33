/** A tiny curve as the path of an SVG. */
import type { Point } from './point.ts';
import { thinKeepingExtremes } from './thin.ts';

/** An SVG path of `points` within width × height, one unit of air all round; '' for fewer than two finite points. */
export function sparklinePath(points: readonly Point[], width: number, height: number): string {
  const finite = thinKeepingExtremes(
    points.filter(({ y }) => Number.isFinite(y)),
    width,
  );
  const first = finite[0];
  const last = finite.at(-1);
  if (finite.length < 2 || first === undefined || last === undefined) return '';
  const ys = finite.map(({ y }) => y);
  const low = Math.min(...ys);
  const tall = Math.max(...ys) - low || 1;
  const wide = last.x - first.x || 1;
  return finite
    .map(({ x, y }, index) => {
      const across = 1 + ((x - first.x) / wide) * (width - 2);
      const down = 1 + (1 - (y - low) / tall) * (height - 2);
      return `${index === 0 ? 'M' : 'L'}${across.toFixed(1)} ${down.toFixed(1)}`;
    })
    .join('');
}
