/** The singular values of a module of the weighted sum as a chart: those that the blend has room for, and those beyond its rank. */
import type { ComposedModule } from '../../shared/contract/composition.ts';
import { formatCount, formatSmall } from '../../shared/format.ts';
import type { ChartLook } from './chart-options.ts';
import type { ChartSeries } from './chart-series.ts';
import type { Point } from './point.ts';

type Spectrum = Pick<ComposedModule, 'rank' | 'singularValues'>;

export function spectrumSeries({ rank, singularValues }: Spectrum): ChartSeries[] {
  // Zeros have no place on a logarithmic scale.
  const points = singularValues
    .map((y, index): Point => ({ x: index + 1, y }))
    .filter(({ y }) => y > 0);
  const within = points.filter(({ x }) => x <= rank);
  const beyond = points.filter(({ x }) => x > rank);
  return [
    { label: 'Within the rank', colour: '--green', look: 'marked' as const, points: within },
    { label: 'Beyond the rank', colour: '--orange', look: 'marked' as const, points: beyond },
  ].filter((series) => series.points.length > 0);
}

/** With the rank as a line, where there are values beyond it. */
export function spectrumLook({ rank, singularValues }: Spectrum): ChartLook {
  const cut = singularValues.length > rank;
  return {
    x: { label: 'Singular value', format: formatCount, whole: true },
    y: { label: 'Size', format: formatSmall },
    logarithmic: true,
    compact: false,
    ...(cut ? { mark: { at: rank + 0.5, label: `rank ${formatCount(rank)}` } } : {}),
  };
}
