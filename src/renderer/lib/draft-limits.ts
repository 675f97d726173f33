/** What the chosen model and its cells allow in the form of a new run. */
import { adapterSize, largestRank, type AdapterSize } from '../../shared/adapter-size.ts';
import type { ModelDescription } from '../../shared/contract/records.ts';
import { readPatterns, type Patterns } from '../../shared/module-patterns.ts';
import type { DraftLimits } from './draft-check.ts';
import type { Draft } from './draft.ts';
import { placesOf, type TargetSelection } from './target-selection.ts';

/** The size of the adapter that the form describes; null without a model. */
export function adapterSizeOf(
  model: ModelDescription | null,
  selection: TargetSelection,
  { rank, rankPattern, useDora }: Pick<Draft, 'rank' | 'rankPattern' | 'useDora'>,
): AdapterSize | null {
  if (model === null) return null;
  const settings = { rank: rank ?? 0, rankPattern: rankPattern ?? {}, useDora: useDora === true };
  return adapterSize(placesOf(model, selection), settings);
}

/** The limits of the checks; without a model only those that hold for any. */
export function limitsOf(
  model: ModelDescription | null,
  size: AdapterSize | null,
  rankPattern: Patterns | null,
): Omit<DraftLimits, 'targets'> {
  return {
    bounds: {
      rank: { least: 1, most: size?.largestRank ?? undefined },
      sequenceLength: { most: model?.contextLength },
    },
    ownRanks: ownRankFault(size, rankPattern ?? {}),
  };
}

/** The first thing that is wrong with ranks of single modules. */
function ownRankFault(size: AdapterSize | null, rankPattern: Patterns): string | null {
  const [unreadable] = readPatterns(rankPattern).unreadable;
  if (unreadable !== undefined) return `${unreadable}.`;
  const [misfit] = size?.misfits ?? [];
  if (misfit === undefined) return null;
  const { place, rank } = misfit;
  return `${rank} is no rank for ${place.path}: a whole number from 1 to ${largestRank(place)} is.`;
}
