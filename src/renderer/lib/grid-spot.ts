/** Where the keyboard is in the layer × module grid, and how it moves. */
import { columnCells, isCell, rowCells, type Cell, type GridModel } from './target-selection.ts';

/** A cell, or with −1 a head: module −1 is the row of layer numbers, layer −1 the column of module names. */
export type Spot = { module: number; layer: number };

/** How many rows and columns the heads and cells of a grid have. */
export type GridSize = { readonly layers: number; readonly modules: readonly unknown[] };

/** A row of the grid: its module, and what is said of it beside its name. */
export type GridModule = { readonly name: string; readonly tip?: string | undefined };

/** How a cell of the grid is shown and said. */
export type GridSpot = {
  says: string;
  /** Classes of `ModuleGrid` and of heat maps. */
  looks: readonly string[];
  /** From 0 to 1. */
  heat?: number;
  text?: string;
  selected?: boolean | undefined;
  /** The layer has no such module. */
  absent?: boolean;
};

/** Which spot a pointer or a key event is about; null for none. */
export function spotOf(target: EventTarget | null): Spot | null {
  const found = target instanceof Element ? target.closest('[data-spot]') : null;
  const [module, layer] = (found?.getAttribute('data-spot') ?? '').split(',').map(Number);
  return module === undefined || layer === undefined ? null : { module, layer };
}

/** The nearest cell, where heads have nothing to tell. */
export function headless({ module, layer }: Spot): Spot {
  return { module: Math.max(0, module), layer: Math.max(0, layer) };
}

/** The spot, or the nearest one that this model has. */
export function clampSpot(model: GridSize, spot: Spot): Spot {
  return {
    module: Math.max(-1, Math.min(spot.module, model.modules.length - 1)),
    layer: Math.max(-1, Math.min(spot.layer, model.layers - 1)),
  };
}

/** Where a key leads from `spot`; null for a key that does not move. With Control, Home and End go to the corners. */
export function moveSpot(model: GridSize, spot: Spot, key: string, control: boolean): Spot | null {
  const { module, layer } = spot;
  const first = control ? -1 : module;
  const last = control ? model.modules.length - 1 : module;
  const moves: Record<string, Spot> = {
    ArrowLeft: { module, layer: layer - 1 },
    ArrowRight: { module, layer: layer + 1 },
    ArrowUp: { module: module - 1, layer },
    ArrowDown: { module: module + 1, layer },
    Home: { module: first, layer: -1 },
    End: { module: last, layer: model.layers - 1 },
  };
  const next = moves[key];
  return next === undefined ? null : clampSpot(model, next);
}

/** The cells that a spot stands for: one, a whole row or column, or from the corner all of them. */
export function cellsOf(model: GridModel, { module, layer }: Spot): Cell[] {
  if (module >= 0 && layer >= 0) return isCell(model, { module, layer }) ? [{ module, layer }] : [];
  if (module >= 0) return rowCells(model, module);
  if (layer >= 0) return columnCells(model, layer);
  return model.modules.flatMap((_, each) => rowCells(model, each));
}

/** How many cells are chosen, in words. */
export function sayCells(count: number): string {
  return count === 1 ? '1 cell chosen' : `${count} cells chosen`;
}
