/** Which cells of the layer × module grid get an adapter. */
import type { Place } from '../../shared/adapter-size.ts';
import type { LinearModule, ModelDescription } from '../../shared/contract/records.ts';
import type { LoraSettings, Target } from '../../shared/contract/training-config.ts';
import { modulesCalled } from '../../shared/modules-called.ts';

/** The part of a model that the grid shows. */
export type GridModel = Pick<ModelDescription, 'layers' | 'modules'>;
/** selected[module][layer], modules in the order of the model's description. */
export type TargetSelection = readonly (readonly boolean[])[];
export type Cell = { module: number; layer: number };

/** Whether a layer has the module: some have experts where others have one feed-forward block. */
function isIn({ inLayers }: LinearModule, layer: number): boolean {
  return inLayers?.includes(layer) ?? true;
}

/** A selection of the cells for which `chosen` is true. */
export function select(
  model: GridModel,
  chosen: (module: LinearModule, layer: number) => boolean,
): TargetSelection {
  return model.modules.map((module) =>
    Array.from(
      { length: model.layers },
      (_, layer) => isIn(module, layer) && chosen(module, layer),
    ),
  );
}

/** The selection with some cells set to `value`. */
export function setCells(
  selection: TargetSelection,
  cells: readonly Cell[],
  value: boolean,
): TargetSelection {
  const touched = new Set(cells.map(({ module, layer }) => `${module}:${layer}`));
  return selection.map((row, module) =>
    row.map((was, layer) => (touched.has(`${module}:${layer}`) ? value : was)),
  );
}

/** Cells of one module in all layers that have it. */
export function rowCells(model: GridModel, module: number): Cell[] {
  const layers = Array.from({ length: model.layers }, (_, layer) => ({ module, layer }));
  return layers.filter((cell) => isCell(model, cell));
}

/** Cells of one layer in all modules that it has. */
export function columnCells(model: GridModel, layer: number): Cell[] {
  return model.modules
    .map((_, module) => ({ module, layer }))
    .filter((cell) => isCell(model, cell));
}

export function isCell({ modules }: GridModel, { module, layer }: Cell): boolean {
  const found = modules[module];
  return found !== undefined && isIn(found, layer);
}

/** Sets all of `cells`, or clears them where all were set. */
export function toggleCells(selection: TargetSelection, cells: readonly Cell[]): TargetSelection {
  const full = cells.every(({ module, layer }) => selection[module]?.[layer] === true);
  return setCells(selection, cells, !full);
}

/** Those of `cells` that are selected. */
export function chosenOf(selection: TargetSelection, cells: readonly Cell[]): Cell[] {
  return cells.filter(({ module, layer }) => selection[module]?.[layer] === true);
}

/** How many cells are selected. */
export function countCells(selection: TargetSelection): number {
  return selection.reduce((sum, row) => sum + row.filter(Boolean).length, 0);
}

/** The selected matrices, each with its whole path. */
export function placesOf(model: GridModel, selection: TargetSelection): Place[] {
  return model.modules.flatMap((module, row) =>
    (selection[row] ?? []).flatMap((on, layer) => (on ? copiesOf(module, layer) : [])),
  );
}

function copiesOf(module: LinearModule, layer: number): Place[] {
  const path = module.path.replace('{layer}', String(layer));
  return Array.from({ length: module.copies }, (_, expert) => {
    return { ...module, path: path.replace('{expert}', String(expert)) };
  });
}

/** The selection as a run's configuration names it; null where nothing is selected. */
export function toTargets(
  model: GridModel,
  selection: TargetSelection,
): LoraSettings['targets'] | null {
  const targets: Target[] = model.modules.flatMap(({ name }, module) => {
    const layers = (selection[module] ?? []).flatMap((on, layer) => (on ? [layer] : []));
    if (layers.length === 0) return [];
    return [
      { module: name, layers: layers.length === rowCells(model, module).length ? 'all' : layers },
    ];
  });
  if (targets.length === 0) return null;
  const usual = model.modules.filter(({ gate }) => !gate).map(({ name }) => name);
  const everything =
    targets.every(({ layers }) => layers === 'all') &&
    targets.map(({ module }) => module).join('\n') === usual.join('\n');
  return everything ? 'all-linear' : targets;
}

/** The selection that a configuration names; a module or layer that this model lacks is left out. */
export function fromTargets(model: GridModel, targets: LoraSettings['targets']): TargetSelection {
  if (targets === 'all-linear') return select(model, ({ gate }) => !gate);
  const named = targets.map(({ module, layers }) => {
    return { layers, names: modulesCalled(module, model.modules).map(({ name }) => name) };
  });
  return select(model, ({ name }, layer) =>
    named.some(
      ({ names, layers }) => names.includes(name) && (layers === 'all' || layers.includes(layer)),
    ),
  );
}

/** What a module is, for the tip beside its name. */
export function sayModule({ in: width, out, copies, gate }: LinearModule): string {
  const size = `${width} → ${out}${copies > 1 ? `, one for each of ${copies} experts` : ''}.`;
  const use = gate ? ' It says where tokens go: usually left as it is.' : '';
  return `${size}${use} Click to choose it in every layer.`;
}
