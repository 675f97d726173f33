/** How large an adapter is and may be; the form and the engine count with the same rules. */
import { readPatterns, type Patterns } from './module-patterns.ts';

/** The matrix [out, in] that an adapter sits on. */
export type Sides = { in: number; out: number };

/** A rank above the smaller side of a matrix adds parameters and no freedom. */
export function largestRank(matrix: Sides): number {
  return Math.min(matrix.in, matrix.out);
}

/** Whether a matrix can have an adapter of this rank. */
export function rankFits(rank: number, matrix: Sides): boolean {
  return Number.isInteger(rank) && rank >= 1 && rank <= largestRank(matrix);
}

/**
 * Numbers that learn on one matrix: A is [rank, in], B is [out, rank] (Hu et al. 2021, §4.1); DoRA adds a magnitude for each
 * of the `out` rows (Liu et al. 2024, §4.1). `rank` counts the ranks that learn: frozen ones are not among them.
 */
export function learningParameters(matrix: Sides, rank: number, dora: boolean): number {
  return rank * (matrix.in + matrix.out) + (dora ? matrix.out : 0);
}

/** How many ranks the start freezes: those that take out of the base what PiSSA and OLoRA put into A and B. */
export function frozenRanks(init: string, rank: number): number {
  return init === 'pissa' || init === 'olora' ? rank : 0;
}

/** A targeted matrix and its whole path in the model. */
export type Place = Sides & { path: string };

export type AdapterSize = {
  learning: number;
  /** What the rank can be: the smallest `largestRank` of those without a rank of their own; null where each has one. */
  largestRank: number | null;
  /** Places whose own rank they cannot have. */
  misfits: { place: Place; rank: number }[];
};

/** The size of an adapter on `places`, of which some have ranks of their own. */
export function adapterSize(
  places: readonly Place[],
  { rank, rankPattern, useDora }: { rank: number; rankPattern: Patterns; useDora: boolean },
): AdapterSize {
  const { find } = readPatterns(rankPattern);
  const ranked = places.map((place) => ({ place, own: find(place.path)?.value }));
  const limits = ranked.flatMap(({ place, own }) =>
    own === undefined ? [largestRank(place)] : [],
  );
  return {
    learning: ranked.reduce(
      (sum, { place, own }) => sum + learningParameters(place, own ?? rank, useDora),
      0,
    ),
    largestRank: limits.length === 0 ? null : Math.min(...limits),
    misfits: ranked.flatMap(({ place, own }) =>
      own === undefined || rankFits(own, place) ? [] : [{ place, rank: own }],
    ),
  };
}
