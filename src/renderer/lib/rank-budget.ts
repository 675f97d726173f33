/** Ranks for a budget of trained parameters: the same for every cell, or more where an earlier run changed more. */
import {
  adapterSize,
  largestRank,
  learningParameters,
  type Place,
} from '../../shared/adapter-size.ts';

/** The largest rank that all places can have within the budget; null where even rank 1 is over it, or there is no place. */
export function equalRank(
  places: readonly Place[],
  budget: number,
  useDora: boolean,
): number | null {
  if (places.length === 0) return null;
  const at = (rank: number) => adapterSize(places, { rank, rankPattern: {}, useDora }).learning;
  const [one, two] = [at(1), at(2)];
  // Each rank costs the same; what DoRA adds is there once.
  const most = Math.min(...places.map(largestRank));
  const rank = Math.min(most, 1 + Math.floor((budget - one) / (two - one)));
  return rank >= 1 && one <= budget ? rank : null;
}

/** A cell of the grid: its matrices, which have one rank, and how much an earlier run changed it. */
export type WeighedCell = { places: readonly Place[]; weight: number };

/**
 * A rank for each cell, in proportion to its weight as far as whole ranks from 1 and its matrices allow, with as many parameters as
 * fit the budget; null where even rank 1 everywhere is over it.
 */
export function weightedRanks(
  cells: readonly WeighedCell[],
  budget: number,
  useDora: boolean,
): number[] | null {
  const most = cells.map(({ places }) => Math.min(...places.map(largestRank)));
  const ranksAt = (scale: number) =>
    cells.map(({ weight }, i) => Math.max(1, Math.min(most[i] ?? 1, Math.floor(weight * scale))));
  const fits = (ranks: readonly number[]) => sizeOf(cells, ranks, useDora) <= budget;
  if (cells.length === 0 || !fits(ranksAt(0))) return null;
  const least = Math.min(...cells.flatMap(({ weight }) => (weight > 0 ? weight : [])));
  let [low, high] = [0, Number.isFinite(least) ? Math.max(...most) / least : 0];
  if (fits(ranksAt(high))) return ranksAt(high);
  // Halved until both give the same ranks to the last cell.
  for (let i = 0; i < 100; i++) {
    const middle = (low + high) / 2;
    if (fits(ranksAt(middle))) low = middle;
    else high = middle;
  }
  return ranksAt(low);
}

function sizeOf(cells: readonly WeighedCell[], ranks: readonly number[], useDora: boolean): number {
  return cells.reduce((sum, { places }, i) => {
    const rank = ranks[i] ?? 1;
    return sum + places.reduce((all, place) => all + learningParameters(place, rank, useDora), 0);
  }, 0);
}
