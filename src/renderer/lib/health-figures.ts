/** The figures of an adapter's health: how each is written, and how its chart looks. */
import type { ChartLook } from './chart-options.ts';
import type { ChartSeries } from './chart-series.ts';
import { formatCompact, formatPercent, formatSmall } from '../../shared/format.ts';
import { healthTerms } from './glossary.ts';
import { healthCurves, type HealthFigure } from './health-map.ts';
import type { Reading } from './layer-map.ts';
import type { HealthPoint, ModuleHealth } from '../../shared/contract/run-points.ts';

/** In the order in which they are offered; the short names are for a switch and for table heads. */
export const healthFigures: readonly { value: HealthFigure; label: string }[] = [
  { value: 'deltaRatio', label: '‖ΔW‖ / ‖W‖' },
  { value: 'normA', label: '‖A‖' },
  { value: 'normB', label: '‖B‖' },
  { value: 'gradientNorm', label: 'Gradient' },
];

/** The change is a share of the weight, the other figures are plain numbers. */
export function formatHealth(figure: HealthFigure, value: number | null): string {
  if (value === null) return 'not finite';
  return figure === 'deltaRatio' ? formatPercent(value) : formatSmall(value);
}

/** A figure as the map of layers and modules shows it. */
export function healthReading(figure: HealthFigure): Reading<ModuleHealth> {
  return { of: (cell) => cell[figure], format: (value) => formatHealth(figure, value) };
}

/** Largest and median of the modules over the steps. */
export function healthSeries(points: readonly HealthPoint[], figure: HealthFigure): ChartSeries[] {
  const { largest, median } = healthCurves(points, figure);
  return [
    { label: 'Largest of the modules', colour: '--green', look: 'marked', points: largest },
    { label: 'Median', colour: '--blue', look: 'marked', points: median },
  ];
}

/** How that chart looks. */
export function healthLook(figure: HealthFigure): ChartLook {
  const format = (value: number) => formatHealth(figure, value);
  return {
    x: { label: 'Step', format: formatCompact, whole: true },
    y: { label: healthTerms[figure].label, format },
    logarithmic: false,
    compact: true,
  };
}
