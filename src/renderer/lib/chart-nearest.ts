/** An interaction for Chart.js: in each curve the point nearest to the pointer, although their x values differ. */
import { Interaction, type InteractionItem, type InteractionModeFunction } from 'chart.js';

declare module 'chart.js' {
  interface InteractionModeMap {
    nearestOfEach: InteractionModeFunction;
  }
}

const nearestOfEach: InteractionModeFunction = (chart, event) => {
  const pixel = event.x ?? 0;
  return chart.getSortedVisibleDatasetMetas().flatMap((meta): InteractionItem[] => {
    let best: InteractionItem | null = null;
    let distance = Infinity;
    meta.data.forEach((element, index) => {
      const away = Math.abs(element.x - pixel);
      if (away >= distance) return;
      distance = away;
      best = { element, datasetIndex: meta.index, index };
    });
    return best === null ? [] : [best];
  });
};

/** Makes `mode: 'nearestOfEach'` known to Chart.js. */
export function registerNearestOfEach(): void {
  Interaction.modes.nearestOfEach = nearestOfEach;
}
