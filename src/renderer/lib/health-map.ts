/** What of an adapter's health is largest, and how it went over a run. */
import type { HealthPoint, ModuleHealth } from '../../shared/contract/run-points.ts';
import type { Point } from './point.ts';

export type HealthFigure = 'deltaRatio' | 'normA' | 'normB' | 'gradientNorm';

/** The module with the largest finite value; null where there is none. */
export function largestModule(
  modules: readonly ModuleHealth[],
  figure: HealthFigure,
): ModuleHealth | null {
  let largest: ModuleHealth | null = null;
  for (const each of modules) {
    if (each[figure] !== null && each[figure] > (largest?.[figure] ?? -1)) largest = each;
  }
  return largest;
}

/** Largest and median value over the modules, reading by reading; what is not finite is left out. */
export function healthCurves(
  points: readonly HealthPoint[],
  figure: HealthFigure,
): { largest: Point[]; median: Point[] } {
  const curves: { largest: Point[]; median: Point[] } = { largest: [], median: [] };
  for (const { step, modules } of points) {
    const values = modules.flatMap((each) => each[figure] ?? []).sort((one, other) => one - other);
    const largest = values.at(-1);
    const low = values[Math.floor((values.length - 1) / 2)];
    const high = values[Math.floor(values.length / 2)];
    if (largest === undefined || low === undefined || high === undefined) continue;
    curves.largest.push({ x: step, y: largest });
    curves.median.push({ x: step, y: (low + high) / 2 });
  }
  return curves;
}
