/** An upright line at a place of the x axis, with a word at its top. */
import type { ChartType, Plugin } from 'chart.js';

export type Mark = { at: number; label: string };

declare module 'chart.js' {
  interface PluginOptionsByType<TType extends ChartType> {
    mark?: (Mark & { colour: string; text: string; of?: TType }) | undefined;
  }
}

export const mark: Plugin<'line'> = {
  id: 'mark',
  afterDatasetsDraw(chart) {
    const { at, label, colour, text } = chart.options.plugins?.mark ?? {};
    const x = at === undefined ? undefined : chart.scales['x']?.getPixelForValue(at);
    if (x === undefined || label === undefined) return;
    if (colour === undefined || text === undefined) return;
    const { ctx, chartArea } = chart;
    ctx.save();
    ctx.strokeStyle = colour;
    ctx.lineWidth = 1.5;
    ctx.setLineDash([5, 4]);
    ctx.beginPath();
    ctx.moveTo(x, chartArea.top);
    ctx.lineTo(x, chartArea.bottom);
    ctx.stroke();
    ctx.fillStyle = text;
    ctx.font = '600 11px system-ui, sans-serif';
    ctx.textBaseline = 'top';
    // Where the line is far right there is no room beside it but on its left.
    const left = x + ctx.measureText(label).width + 6 > chartArea.right;
    ctx.textAlign = left ? 'right' : 'left';
    ctx.fillText(label, x + (left ? -6 : 6), chartArea.top + 2);
    ctx.restore();
  },
};
