/** Ranks and alphas of single cells of the layer × module grid, as PEFT's patterns hold them: by the end of a module's path. */
import { readPatterns, type Patterns } from '../../shared/module-patterns.ts';
import type { LinearModule } from '../../shared/contract/records.ts';
import {
  placesOf,
  rowCells,
  type Cell,
  type GridModel,
  type TargetSelection,
} from './target-selection.ts';

/** values[module][layer]; null for a cell that has the value of all. */
export type CellValues = readonly (readonly (number | null)[])[];

/** What the patterns give each cell of the model. */
export function cellValues(model: GridModel, patterns: Patterns): CellValues {
  const { find } = readPatterns(patterns);
  return model.modules.map((module) =>
    Array.from({ length: model.layers }, (_, layer) => find(pathOf(module, layer))?.value ?? null),
  );
}

/** The patterns with another value for some cells; null gives them that of all. */
export function withOwn(
  model: GridModel,
  patterns: Patterns,
  cells: readonly Cell[],
  value: number | null,
): Record<string, number> {
  const touched = new Set(cells.map(({ module, layer }) => `${module}:${layer}`));
  const values = cellValues(model, patterns).map((row, module) =>
    row.map((own, layer) => (touched.has(`${module}:${layer}`) ? value : own)),
  );
  return patternsOf(model, values);
}

/**
 * One pattern for a module whose cells all have a value, by its name where that means no other, and one for each cell of others.
 * PEFT takes the first that fits, so whole paths come first.
 */
function patternsOf(model: GridModel, values: CellValues): Record<string, number> {
  const whole: [string, number][] = [];
  const short: [string, number][] = [];
  for (const [index, module] of model.modules.entries()) {
    const own = rowCells(model, index).map(({ layer }) => ({
      layer,
      value: values[index]?.[layer] ?? null,
    }));
    const [first] = own;
    const alike = first !== undefined && own.every(({ value }) => value === first.value);
    if (alike && first.value !== null && meansOnly(model, module.name, module))
      short.push([module.name, first.value]);
    else
      for (const { layer, value } of own)
        if (value !== null) whole.push([keyOf(module, layer), value]);
  }
  return Object.fromEntries([...whole, ...short]);
}

/** Whether a pattern fits the paths of this module and no others. */
function meansOnly(model: GridModel, pattern: string, wanted: LinearModule): boolean {
  const { find } = readPatterns({ [pattern]: 1 });
  return model.modules.every(
    (module) => (find(pathOf(module, 0)) !== undefined) === (module === wanted),
  );
}

/** The path of a cell; of a module that every expert has, that of the first. */
function pathOf({ path }: LinearModule, layer: number): string {
  return path.replace('{layer}', String(layer)).replace('{expert}', '0');
}

function keyOf({ path }: LinearModule, layer: number): string {
  return path
    .replaceAll('.', String.raw`\.`)
    .replace('{layer}', String(layer))
    .replace('{expert}', String.raw`\d+`);
}

/** The patterns that mean a chosen cell: a run refuses those without effect. One that cannot be read stays, to be told. */
export function meant(model: GridModel, selection: TargetSelection, patterns: Patterns): Patterns {
  const { find, unreadable } = readPatterns(patterns);
  if (unreadable.length > 0) return patterns;
  const used = new Set(placesOf(model, selection).map(({ path }) => find(path)?.key));
  return Object.fromEntries(Object.entries(patterns).filter(([key]) => used.has(key)));
}

/** How many chosen cells have a value of their own. */
export function countOwn(selection: TargetSelection, ...all: readonly CellValues[]): number {
  return selection
    .flatMap((row, module) =>
      row.map((on, layer) => on && all.some((values) => values[module]?.[layer] != null)),
    )
    .filter(Boolean).length;
}
