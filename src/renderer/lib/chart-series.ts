/** A curve as the charts of this window take it, and as Chart.js takes it. */
import type { ChartDataset } from 'chart.js';
import type { Point } from './point.ts';
import type { Stretch } from './stretch.ts';
import { thinKeepingExtremes } from './thin.ts';

/** `line`: the curve to read. `faint`: the raw values behind it. `marked`: few points, each with a dot. `spot`: one that stands out. */
type SeriesLook = 'line' | 'faint' | 'marked' | 'spot';

/** Points in the order of x. */
export type Curve = {
  points: readonly Point[];
  /** Where there may be more points than these: how many, and those of a stretch, thinned for it to `most`. */
  behind?: { count: number; within: (stretch: Stretch, most?: number) => Point[] };
};

export type ChartSeries = Curve & {
  label: string;
  /** Name of a colour token: '--series-1'. */
  colour: string;
  look: SeriesLook;
  /** Lengths of strokes and gaps in pixels; a whole line without. */
  dash?: readonly number[];
};

/** More points than this are thinned before they are drawn; the raw points stay where they are. */
export const drawnPoints = 2000;
/** And to so many while they move, which a picture of every frame has time for. */
export const movingPoints = 700;

/** The same curves with the points of a stretch, thinned for it. */
export function cutSeries(
  series: readonly ChartSeries[],
  stretch: Stretch,
  most = drawnPoints,
): ChartSeries[] {
  return series.map((one) =>
    one.behind === undefined ? one : { ...one, points: one.behind.within(stretch, most) },
  );
}

/** The largest x of all curves. */
export function lastOf(series: readonly ChartSeries[]): number {
  return Math.max(0, ...series.map(({ points }) => points.at(-1)?.x ?? 0));
}

/** As much of the x axis as four points of the densest curve take up: nothing is to be seen any closer. */
export function leastStretch(series: readonly ChartSeries[]): number {
  const most = Math.max(1, ...series.map(({ points, behind }) => behind?.count ?? points.length));
  return (4 * lastOf(series)) / most;
}

/** Chart.js' dataset of a series; `colourOf` resolves a colour token. */
export function chartDataset(
  series: ChartSeries,
  colourOf: (token: string) => string,
  shown: Stretch,
): ChartDataset<'line', Point[]> {
  const colour = colourOf(series.colour);
  const marked = series.look === 'marked';
  const faint = series.look === 'faint';
  const spot = series.look === 'spot';
  return {
    label: series.label,
    data: [...thinKeepingExtremes(series.points, drawnPoints)],
    borderColor: faint ? fade(colour) : colour,
    backgroundColor: colour,
    borderWidth: faint ? 1 : 2,
    borderDash: [...(series.dash ?? [])],
    // Round joints of a raw curve, hundreds of narrow ones, take longer than its lines.
    borderJoinStyle: faint ? 'bevel' : 'round',
    pointStyle: spot ? 'rectRot' : 'circle',
    pointRadius: spot ? 7 : marked || series.points.length === 1 ? 3 : 0,
    pointHoverRadius: faint ? 0 : 4,
    pointHitRadius: 0,
    clip: clipOf(series.points, shown),
    order: faint ? 2 : marked ? 0 : spot ? -1 : 1,
  };
}

/** Pixels around the plot in which a curve is drawn: a point on the edge is drawn whole, and what goes on behind it is cut there. */
export function clipOf(points: readonly Point[], { from, to }: Stretch): ChartDataset['clip'] {
  const [first, last] = [points[0]?.x ?? from, points.at(-1)?.x ?? to];
  return { left: first < from ? 0 : 8, right: last > to ? 0 : 8, top: 8, bottom: 8 };
}

/** The colour at under half of its strength. `colour` is what a browser computes: rgb(r, g, b). */
function fade(colour: string): string {
  return colour.replace(/^rgb\((.*)\)$/, 'rgba($1, 0.45)');
}
