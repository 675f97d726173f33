/** Chart.js with only the parts that these charts use. */
import {
  Chart,
  LinearScale,
  LineController,
  LineElement,
  LogarithmicScale,
  PointElement,
  Tooltip,
} from 'chart.js';
import { mark } from './chart-mark.ts';
import { crosshair } from './chart-crosshair.ts';
import { registerNearestOfEach } from './chart-nearest.ts';
import { registerBesideTop } from './chart-tooltip.ts';
import { chartOptions, type ChartLook } from './chart-options.ts';
import { chartDataset, type ChartSeries } from './chart-series.ts';
import { resolveColour } from './colour.ts';
import type { Point } from './point.ts';

Chart.register(
  LineController,
  LineElement,
  PointElement,
  LinearScale,
  LogarithmicScale,
  Tooltip,
  crosshair,
  mark,
);
registerNearestOfEach();
registerBesideTop();

export type LineChart = Chart<'line', Point[]>;

/** An empty chart on `canvas`. Give it back with `destroy()`. */
export function makeChart(canvas: HTMLCanvasElement): LineChart {
  return new Chart<'line', Point[]>(canvas, { type: 'line', data: { datasets: [] } });
}

/** Shows `series` with the page's colours of this moment. */
export function drawChart(chart: LineChart, series: readonly ChartSeries[], look: ChartLook): void {
  const colourOf = (token: string): string => resolveColour(chart.canvas, token);
  chart.data.datasets = series.map((one) => chartDataset(one, colourOf));
  const lastX = Math.max(0, ...series.map(({ points }) => points.at(-1)?.x ?? 0));
  chart.options = chartOptions(look, colourOf, lastX);
  chart.update('none');
}
