/** Fills the ranks of the form so that the adapter has at most a number of parameters. */
import type { ModuleHealth } from '../../shared/contract/run-points.ts';
import { withOwn } from './cell-values.ts';
import type { Draft } from './draft.ts';
import { equalRank, weightedRanks } from './rank-budget.ts';
import {
  placesOf,
  select,
  type Cell,
  type GridModel,
  type TargetSelection,
} from './target-selection.ts';

type Ranks = Pick<Draft, 'rank' | 'rankPattern'>;

/** The same rank for every chosen cell; null where even rank 1 is too much. */
export function evenly(
  model: GridModel,
  selection: TargetSelection,
  budget: number,
  useDora: boolean,
): Ranks | null {
  const rank = equalRank(placesOf(model, selection), budget, useDora);
  return rank === null ? null : { rank, rankPattern: {} };
}

/**
 * Ranks in proportion to how much an earlier run changed each chosen cell, ‖ΔW‖ / ‖W‖; one that it left out, or of which it knows no
 * number, counts as the mean. The rank that most cells have becomes that of all. Null where even rank 1 is too much.
 */
export function byHealth(
  model: GridModel,
  selection: TargetSelection,
  budget: number,
  useDora: boolean,
  health: readonly ModuleHealth[],
): Ranks | null {
  const found = new Map(
    health.map(({ module, layer, deltaRatio }) => [`${module} ${layer}`, deltaRatio] as const),
  );
  const known = [...found.values()].filter((ratio) => ratio !== null);
  const mean = known.reduce((sum, ratio) => sum + ratio, 0) / Math.max(1, known.length);
  const cells: Cell[] = selection.flatMap((row, module) =>
    row.flatMap((on, layer) => (on ? { module, layer } : [])),
  );
  const ranks = weightedRanks(
    cells.map(({ module, layer }) => ({
      places: placesOf(model, only(model, { module, layer })),
      weight: found.get(`${model.modules[module]?.name ?? ''} ${layer}`) ?? mean,
    })),
    budget,
    useDora,
  );
  if (ranks === null) return null;
  const byRank = [...new Set(ranks)].map((own) => ({
    own,
    of: cells.filter((_, index) => ranks[index] === own),
  }));
  const [most] = byRank.toSorted((a, b) => b.of.length - a.of.length);
  const rank = most?.own ?? 1;
  let rankPattern: Record<string, number> = {};
  for (const { own, of } of byRank)
    if (own !== rank) rankPattern = withOwn(model, rankPattern, of, own);
  return { rank, rankPattern };
}

function only(model: GridModel, cell: Cell): TargetSelection {
  const module = model.modules[cell.module];
  return select(model, (other, layer) => other === module && layer === cell.layer);
}
