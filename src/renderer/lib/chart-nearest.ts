/** An interaction for Chart.js: in each curve the point nearest to the pointer, although their x values differ. */
import { Interaction, type InteractionItem, type InteractionModeFunction } from 'chart.js';

declare module 'chart.js' {
  interface InteractionModeMap {
    nearestOfEach: InteractionModeFunction;
  }
}

const nearestOfEach: InteractionModeFunction = (chart, event) =>
  chart
    .getSortedVisibleDatasetMetas()
    .flatMap((meta) => nearest(meta.data, meta.index, event.x ?? 0));

function nearest(
  elements: readonly InteractionItem['element'][],
  datasetIndex: number,
  pixel: number,
): InteractionItem[] {
  let index = 0;
  let distance = Infinity;
  for (const [at, element] of elements.entries()) {
    const away = Math.abs(element.x - pixel);
    if (away < distance) [index, distance] = [at, away];
  }
  const element = elements[index];
  return element === undefined ? [] : [{ element, datasetIndex, index }];
}

/** Of several points the one on the curve with most points: it lies nearest to the pointer. */
export function densest<P extends { datasetIndex: number }>(
  points: readonly P[],
  sizeOf: (point: P) => number,
): P | undefined {
  return points.reduce<P | undefined>(
    (best, point) => (best !== undefined && sizeOf(best) >= sizeOf(point) ? best : point),
    undefined,
  );
}

/** Makes `mode: 'nearestOfEach'` known to Chart.js. */
export function registerNearestOfEach(): void {
  Interaction.modes.nearestOfEach = nearestOfEach;
}
