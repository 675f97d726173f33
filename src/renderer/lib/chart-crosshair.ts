/** A thin upright line through the points that a chart's tooltip speaks of. */
import type { ChartType, Plugin } from 'chart.js';
import { densest } from './chart-nearest.ts';

declare module 'chart.js' {
  interface PluginOptionsByType<TType extends ChartType> {
    crosshair?: { colour: string; of?: TType };
  }
}

export const crosshair: Plugin<'line'> = {
  id: 'crosshair',
  beforeDatasetsDraw(chart) {
    const active = densest(
      chart.tooltip?.getActiveElements() ?? [],
      ({ datasetIndex }) => chart.data.datasets[datasetIndex]?.data.length ?? 0,
    );
    const colour = chart.options.plugins?.crosshair?.colour;
    if (active === undefined || colour === undefined) return;
    const { ctx, chartArea } = chart;
    ctx.save();
    ctx.strokeStyle = colour;
    ctx.lineWidth = 1;
    ctx.beginPath();
    ctx.moveTo(active.element.x, chartArea.top);
    ctx.lineTo(active.element.x, chartArea.bottom);
    ctx.stroke();
    ctx.restore();
  },
};
