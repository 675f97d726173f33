/** A thin upright line through the points that a chart's tooltip speaks of. */
import type { Plugin } from 'chart.js';

/** Draws in the colour of the x axis' grid, so that it follows light and dark. */
export const crosshair: Plugin<'line'> = {
  id: 'crosshair',
  beforeDatasetsDraw(chart) {
    const [active] = chart.tooltip?.getActiveElements() ?? [];
    if (active === undefined) return;
    const { ctx, chartArea } = chart;
    ctx.save();
    ctx.strokeStyle = String(chart.options.borderColor);
    ctx.lineWidth = 1;
    ctx.beginPath();
    ctx.moveTo(active.element.x, chartArea.top);
    ctx.lineTo(active.element.x, chartArea.bottom);
    ctx.stroke();
    ctx.restore();
  },
};
