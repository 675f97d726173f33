/** How many parameters an adapter trains. */
import type { GridModel, TargetSelection } from './target-selection.ts';

/**
 * Σ over the selected cells of rank · (in + out): A is [rank, in], B is [out, rank] (Hu et al. 2021, §4.1). DoRA adds a
 * magnitude for each of the `out` rows (Liu et al. 2024, §4.1).
 */
export function countTrainable(
  model: GridModel,
  selection: TargetSelection,
  { rank, useDora }: { rank: number; useDora: boolean },
): number {
  return model.modules.reduce((sum, linear, module) => {
    const cells = (selection[module] ?? []).filter(Boolean).length;
    return sum + cells * (rank * (linear.in + linear.out) + (useDora ? linear.out : 0));
  }, 0);
}

/** The largest rank that every selected module can hold: min(in, out) of the smallest; null where nothing is selected. */
export function largestRank(model: GridModel, selection: TargetSelection): number | null {
  const sizes = model.modules.flatMap((linear, module) =>
    selection[module]?.includes(true) === true ? [Math.min(linear.in, linear.out)] : [],
  );
  return sizes.length === 0 ? null : Math.min(...sizes);
}
