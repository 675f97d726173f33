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
import { chartDataset, clipOf, type ChartSeries } from './chart-series.ts';
import { resolveColour } from './colour.ts';
import type { Point } from './point.ts';
import type { Stretch } from './stretch.ts';

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

/**
 * An empty chart on `canvas`. Give it back with `destroy()`.
 * @param density for one that is on no page: pixels for each unit of its size, which stays as it is
 */
export function makeChart(canvas: HTMLCanvasElement, density?: number): LineChart {
  const fixed = { responsive: false, devicePixelRatio: density ?? 1 };
  return new Chart<'line', Point[]>(canvas, {
    type: 'line',
    data: { datasets: [] },
    ...(density === undefined ? {} : { options: fixed }),
  });
}

/** Shows `series`, of which `shown` is seen, with the page's colours of this moment. */
export function drawChart(
  chart: LineChart,
  series: readonly ChartSeries[],
  look: ChartLook,
  shown: Stretch,
  colourOf = (token: string): string => resolveColour(chart.canvas, token),
): void {
  const { responsive, devicePixelRatio } = chart.options;
  chart.data.datasets = series.map((one) => chartDataset(one, colourOf, shown));
  chart.options = { ...chartOptions(look, colourOf, shown), responsive, devicePixelRatio };
  chart.update('none');
}

/** Shows another stretch of the curves that are drawn; `series` are the same with other points. */
export function moveChart(chart: LineChart, series: readonly ChartSeries[], shown: Stretch): void {
  for (const [index, dataset] of chart.data.datasets.entries()) {
    const points = series[index]?.points;
    if (points === undefined) continue;
    dataset.data = [...points];
    dataset.clip = clipOf(points, shown);
  }
  Object.assign(chart.options.scales?.['x'] ?? {}, { min: shown.from, max: shown.to });
  chart.update('none');
}
