/** A kind of composition with the options that it uses, out of what was asked for. */
import {
  compositionDefaults,
  compositionKinds,
  usesOption,
  type CompositionOption,
  type CompositionOptions,
} from '../../../shared/contract/composition.ts';
import { lorikeetError } from '../../../shared/errors/lorikeet-error.ts';
import type { ModulePart } from './parts.ts';

/** A rank of null is the largest that an adapter has in the module. */
export type Combination =
  | { kind: 'exact' }
  | { kind: 'svd'; rank: number | null }
  | { kind: 'ties' | 'magnitude'; rank: number | null; density: number }
  | { kind: 'dare-linear' | 'dare-ties'; rank: number | null; density: number; seed: number };

export type LowRank = Exclude<Combination, { kind: 'exact' }>;

/** Errors: compose/unused-option, compose/bad-rank, compose/bad-density, compose/bad-seed. */
export function combinationOf(request: CompositionOptions): Combination {
  const { kind, rank } = request;
  const given: CompositionOption[] = ['rank', 'density', 'seed'];
  const unused = given.find((each) => request[each] !== null && !usesOption(kind, each));
  if (unused) {
    const used = compositionKinds[kind].options;
    throw lorikeetError('compose/unused-option', { kind, option: unused, used });
  }
  const density = request.density ?? compositionDefaults.density;
  const seed = request.seed ?? compositionDefaults.seed;
  if (rank !== null && !(Number.isInteger(rank) && rank >= 1))
    throw lorikeetError('compose/bad-rank', { rank, limit: null });
  if (!(density > 0 && density <= 1)) throw lorikeetError('compose/bad-density', { density });
  if (!(Number.isSafeInteger(seed) && seed >= 0)) throw lorikeetError('compose/bad-seed', { seed });
  switch (kind) {
    case 'exact':
      return { kind };
    case 'svd':
      return { kind, rank };
    case 'ties':
    case 'magnitude':
      return { kind, rank, density };
    case 'dare-linear':
    case 'dare-ties':
      return { kind, rank, density, seed };
  }
}

/** Errors: compose/bad-rank for a module that cannot have it, naming the one that allows the least. */
export function checkRank(
  { rank }: LowRank,
  modules: ReadonlyMap<string, readonly ModulePart[]>,
): void {
  if (rank === null) return;
  const sides = [...modules].flatMap(([path, parts]) =>
    parts
      .slice(0, 1)
      .map(({ module }) => ({ module: path, most: Math.min(module.in, module.out) })),
  );
  const [limit] = sides.sort((one, other) => one.most - other.most);
  if (limit && rank > limit.most) throw lorikeetError('compose/bad-rank', { rank, limit });
}

/** The rank that a module is brought to. */
export function rankIn({ rank }: LowRank, parts: readonly ModulePart[]): number {
  if (rank !== null) return rank;
  // Adapters may have more ranks than a matrix has.
  const sides = parts.flatMap(({ module }) => [module.in, module.out]);
  return Math.min(...sides, Math.max(...parts.map(({ module }) => module.rank)));
}
