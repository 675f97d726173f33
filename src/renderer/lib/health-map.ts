/** A reading of an adapter's health as a layer × module map. */
import type { HealthPoint, ModuleHealth } from '../../shared/contract/records.ts';
import type { Point } from './point.ts';

export type HealthFigure = 'deltaRatio' | 'normA' | 'normB' | 'gradientNorm';

/** Rows are modules in the order of the forward pass, columns the layers from the first adapted one to the last. */
export type HealthMap = {
  modules: readonly string[];
  layers: readonly number[];
  /** cells[module][layer]; null where there is no adapter. */
  cells: readonly (readonly (ModuleHealth | null)[])[];
};

/** The map of one reading. */
export function healthMap({ modules }: Pick<HealthPoint, 'modules'>): HealthMap {
  const layersOf = modules.map(({ layer }) => layer);
  const first = Math.min(...layersOf);
  const count = modules.length === 0 ? 0 : Math.max(...layersOf) - first + 1;
  const layers = Array.from({ length: count }, (_, index) => first + index);
  const names = moduleNames(modules);
  const at = new Map(modules.map((each) => [`${each.module} ${each.layer}`, each]));
  const cells = names.map((name) => layers.map((layer) => at.get(`${name} ${layer}`) ?? null));
  return { modules: names, layers, cells };
}

/** A layer that has the most modules knows their order best; what it lacks comes after. */
function moduleNames(modules: readonly ModuleHealth[]): string[] {
  const byLayer = new Map<number, string[]>();
  for (const { layer, module } of modules) {
    byLayer.set(layer, [...(byLayer.get(layer) ?? []), module]);
  }
  const fullest = [...byLayer.values()].sort((one, other) => other.length - one.length);
  return [...new Set(fullest.flat())];
}

/** How a cell looks: its share of the largest value, or why it has none. `zero`: exactly 0. */
export type Heat =
  { kind: 'none' | 'zero' | 'not-finite' } | { kind: 'value'; /** In (0, 1]. */ share: number };

/** The heat of a cell on a scale from 0 to `largest`. */
export function heatOf(cell: ModuleHealth | null, figure: HealthFigure, largest: number): Heat {
  if (cell === null) return { kind: 'none' };
  const value = cell[figure];
  if (value === null) return { kind: 'not-finite' };
  if (value === 0 || largest === 0) return { kind: 'zero' };
  return { kind: 'value', share: value / largest };
}

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
