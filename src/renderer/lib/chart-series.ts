/** A curve as the charts of this window take it, and as Chart.js takes it. */
import type { ChartDataset } from 'chart.js';
import type { Point } from './point.ts';
import { thinKeepingExtremes } from './thin.ts';

/** `line`: the curve to read. `faint`: the raw values behind it. `marked`: few points, each with a dot. `spot`: one that stands out. */
type SeriesLook = 'line' | 'faint' | 'marked' | 'spot';

export type ChartSeries = {
  label: string;
  /** Name of a colour token: '--series-1'. */
  colour: string;
  look: SeriesLook;
  points: readonly Point[];
};

/** More points than this are thinned before they are drawn; the raw points stay where they are. */
export const drawnPoints = 2000;

/** Chart.js' dataset of a series; `colourOf` resolves a colour token. */
export function chartDataset(
  series: ChartSeries,
  colourOf: (token: string) => string,
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
    borderJoinStyle: 'round',
    pointStyle: spot ? 'rectRot' : 'circle',
    pointRadius: spot ? 7 : marked || series.points.length === 1 ? 3 : 0,
    pointHoverRadius: faint ? 0 : 4,
    pointHitRadius: 0,
    // A point on the edge is drawn whole.
    clip: 8,
    order: faint ? 2 : marked ? 0 : spot ? -1 : 1,
  };
}

/** The colour at under half of its strength. `colour` is what a browser computes: rgb(r, g, b). */
function fade(colour: string): string {
  return colour.replace(/^rgb\((.*)\)$/, 'rgba($1, 0.45)');
}
