/** A chart in one sentence, for those who do not see it. */
import type { ChartSeries } from './chart-series.ts';
import type { Axis } from './chart-options.ts';

/** 'Training loss from 3.200 at Step 1 to 0.410 at Step 200, lowest 0.400.' for every curve but the faint ones. */
export function sayCurves(series: readonly ChartSeries[], x: Axis, y: Axis): string {
  const sentences = series.flatMap(({ label, points, look }) => {
    const first = points[0];
    const last = points.at(-1);
    if (look === 'faint' || first === undefined || last === undefined) return [];
    const lowest = points.reduce((low, point) => Math.min(low, point.y), Infinity);
    const at = (value: number): string => `${x.label} ${x.format(value)}`;
    return [
      `${label} from ${y.format(first.y)} at ${at(first.x)} to ${y.format(last.y)} at ${at(last.x)}, lowest ${y.format(lowest)}.`,
    ];
  });
  return sentences.length === 0 ? 'No points yet.' : sentences.join(' ');
}
