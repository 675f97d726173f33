/** A place for Chart.js' tooltips: beside the points, at the top of the chart, where they cover least of the curves. */
import { Tooltip, type ChartType, type TooltipPositionerFunction } from 'chart.js';

declare module 'chart.js' {
  interface TooltipPositionerMap {
    besideTop: TooltipPositionerFunction<ChartType>;
  }
}

const besideTop: TooltipPositionerFunction<ChartType> = function (items) {
  const [first] = items;
  return first === undefined ? false : { x: first.element.x, y: this.chart.chartArea.top - 10 };
};

/** Makes `position: 'besideTop'` known to Chart.js. */
export function registerBesideTop(): void {
  Tooltip.positioners.besideTop = besideTop;
}
