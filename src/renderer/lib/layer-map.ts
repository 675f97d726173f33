/** A layer × module map of something that is known of an adapter's modules. */

/** A module of one layer: 'q_proj' of layer 3. */
export type AtLayer = { module: string; layer: number };

/** Rows are modules in the order of the forward pass, columns the layers from the first adapted one to the last. */
export type LayerMap<C> = {
  modules: readonly string[];
  layers: readonly number[];
  /** cells[module][layer]; null where there is no adapter. */
  cells: readonly (readonly (C | null)[])[];
};

/** The figure that a map shows of its cells, and how it is written; null is a value that is not finite. */
export type Reading<C> = {
  of: (cell: C) => number | null;
  format: (value: number | null) => string;
};

export function layerMap<C extends AtLayer>(cells: readonly C[]): LayerMap<C> {
  const layersOf = cells.map(({ layer }) => layer);
  const first = Math.min(...layersOf);
  const count = cells.length === 0 ? 0 : Math.max(...layersOf) - first + 1;
  const layers = Array.from({ length: count }, (_, index) => first + index);
  const names = moduleNames(cells);
  const at = new Map(cells.map((each) => [`${each.module} ${each.layer}`, each]));
  return {
    modules: names,
    layers,
    cells: names.map((name) => layers.map((layer) => at.get(`${name} ${layer}`) ?? null)),
  };
}

/** A layer that has the most modules knows their order best; what it lacks comes after. */
function moduleNames(cells: readonly AtLayer[]): string[] {
  const byLayer = new Map<number, string[]>();
  for (const { layer, module } of cells) {
    byLayer.set(layer, [...(byLayer.get(layer) ?? []), module]);
  }
  const fullest = [...byLayer.values()].sort((one, other) => other.length - one.length);
  return [...new Set(fullest.flat())];
}

/** How a cell looks: its share of the largest value, or why it has none. `zero`: exactly 0. */
export type Heat =
  | { kind: 'none' | 'zero' | 'not-finite' }
  | { kind: 'value'; /** In (0, 1]. */ share: number };

/** The heat of a cell on a scale from 0 to `largest`. */
export function heatOf<C>(cell: C | null, { of }: Pick<Reading<C>, 'of'>, largest: number): Heat {
  if (cell === null) return { kind: 'none' };
  const value = of(cell);
  if (value === null) return { kind: 'not-finite' };
  if (value === 0 || largest === 0) return { kind: 'zero' };
  return { kind: 'value', share: value / largest };
}

/** 'v_proj, layer 3' */
export function sayModule({ module, layer }: AtLayer): string {
  return `${module}, layer ${layer}`;
}
