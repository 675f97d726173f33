/**
 * Ranks for a next run out of the health of one that was: where the adapter has changed its weights and is still pulled at, more; where
 * it has not, less; with about as many parameters in all. After the sensitivity |w · ∂L/∂w| by which AdaLoRA gives out its ranks
 * (Zhang et al. 2023, arXiv 2303.10512), in the figures by module that a run keeps.
 */
import { largestRank, learningParameters, type Place } from '../../shared/adapter-size.ts';
import type { ModelDescription } from '../../shared/contract/records.ts';
import type { HealthPoint } from '../../shared/contract/run-points.ts';
import type { LoraSettings } from '../../shared/contract/training-config.ts';
import { readPatterns } from '../../shared/module-patterns.ts';
import { fromTargets, placesOf, select } from './target-selection.ts';

/** A module in all its layers, or in one. */
export type RankSuggestion = {
  /** 'q_proj' */
  module: string;
  /** Null for all layers. */
  layer: number | null;
  /** A pattern of `rank_pattern` that means it. */
  pattern: string;
  /** As multiples of those of the middle module: what it has changed, and how strongly it is pulled at. */
  change: number;
  pull: number;
  now: { least: number; most: number };
  rank: number;
  /** By which its scaling stays as it was in the run, that of its first layer where they differ. */
  alpha: number;
};

export type RankSuggestions = {
  rows: RankSuggestion[];
  /** Numbers that learn, in all modules together. */
  parameters: { now: number; then: number };
};

/** Up to so many doublings or halvings of the run's rank. */
const mostDoublings = 2;
/** How finely scales are tried. */
const stepsOfDoubling = 16;

type Group = {
  row: Omit<RankSuggestion, 'rank' | 'alpha'>;
  places: Place[];
  weight: number;
  /** The scaling of its first layer. */
  strength: number;
};

/**
 * Null where the readings do not tell: none has every module finite and changed, or a module is not in the model.
 * @param by what has a rank of its own
 */
export function suggestRanks(
  points: readonly HealthPoint[],
  model: Pick<ModelDescription, 'layers' | 'modules'>,
  lora: LoraSettings,
  by: 'module' | 'cell',
): RankSuggestions | null {
  const groups = groupsOf(points, model, lora, by);
  if (groups === null || groups.length < 2) return null;
  const sizes = groups.map(({ places }) =>
    places.reduce((sum, { in: width, out }) => sum + width + out, 0),
  );
  const magnitudes = groups
    .flatMap(({ places }) => places)
    .reduce((sum, place) => sum + learningParameters(place, 0, lora.useDora), 0);
  const cost = (ranks: readonly number[]) =>
    ranks.reduce((sum, rank, i) => sum + rank * (sizes[i] ?? 0), magnitudes);
  const { find } = readPatterns(lora.rankPattern);
  const now = groups
    .flatMap(({ places }) => places)
    .reduce(
      (sum, place) =>
        sum + learningParameters(place, find(place.path)?.value ?? lora.rank, lora.useDora),
      0,
    );
  const ranksAt = (scale: number) => groups.map((group) => rankOf(group, scale, lora.rank));
  const ranks = ranksAt(scaleNearest(now, (scale) => cost(ranksAt(scale))));
  return {
    rows: groups.map(({ row, strength }, i) => {
      const rank = ranks[i] ?? lora.rank;
      return { ...row, rank, alpha: alphaOf(strength, rank, lora) };
    }),
    parameters: { now, then: cost(ranks) },
  };
}

/** The settings of a run with these ranks and alphas. */
export function withRanks(lora: LoraSettings, rows: readonly RankSuggestion[]): LoraSettings {
  const others = (figure: 'rank' | 'alpha') =>
    Object.fromEntries(
      rows.flatMap((row) => (row[figure] === lora[figure] ? [] : [[row.pattern, row[figure]]])),
    );
  return { ...lora, rankPattern: others('rank'), alphaPattern: others('alpha') };
}

/** The rank, doubled or halved, that is nearest to the group's weight on a scale of doublings. */
function rankOf({ weight, places }: Group, scale: number, rank: number): number {
  const wanted = Math.round(Math.log2(weight * scale));
  const doublings = Math.max(-mostDoublings, Math.min(mostDoublings, wanted));
  const most = Math.min(...places.map(largestRank));
  return Math.max(1, Math.min(most, Math.round(rank * 2 ** doublings)));
}

/** The scale whose cost is nearest to the budget, as a ratio; of several the one nearest to 1. Ranks go in doublings, so none is exact. */
function scaleNearest(budget: number, costAt: (scale: number) => number): number {
  const farthest = 2 * mostDoublings * stepsOfDoubling;
  const scales = Array.from({ length: farthest + 1 }, (_, i) => [i, -i])
    .flat()
    .map((step) => 2 ** (step / stepsOfDoubling));
  const offs = scales.map((scale) => Math.abs(Math.log(costAt(scale) / budget)));
  return scales[offs.indexOf(Math.min(...offs))] ?? 1;
}

function groupsOf(
  points: readonly HealthPoint[],
  model: Pick<ModelDescription, 'layers' | 'modules'>,
  lora: LoraSettings,
  by: 'module' | 'cell',
): Group[] | null {
  const last = points.at(-1);
  if (last === undefined) return null;
  const adapted = fromTargets(model, lora.targets);
  const { find } = readPatterns(lora.rankPattern);
  const cells = last.modules.map(({ layer, module, deltaRatio }) => {
    const row = model.modules.findIndex(({ name }) => name === module);
    const own = model.modules[row];
    const here = select(model, (each, at) => each === own && at === layer);
    const places = adapted[row]?.[layer] === true ? placesOf(model, here) : [];
    const pull = meanPull(points, layer, module);
    return { layer, module, path: own?.path ?? '', places, change: deltaRatio, pull };
  });
  const keys = cells.map(({ layer, module }) => (by === 'cell' ? `${module} ${layer}` : module));
  const groups = [...new Set(keys)].map((key) => cells.filter((_, i) => keys[i] === key));
  const figures = groups.map((group) => ({
    change: mean(group.map(({ change }) => change)),
    pull: mean(group.map(({ pull }) => pull)),
  }));
  const middle = {
    change: median(figures.map(({ change }) => change)),
    pull: median(figures.map(({ pull }) => pull)),
  };
  const known = groups.flatMap((group, i): Group[] => {
    const [first] = group;
    const places = group.flatMap((cell) => cell.places);
    const change = (figures[i]?.change ?? NaN) / middle.change;
    const pull = (figures[i]?.pull ?? NaN) / middle.pull;
    const weight = Math.sqrt(change * pull);
    if (!first || places.length === 0 || !Number.isFinite(weight) || weight === 0) return [];
    const ranks = places.map((place) => find(place.path)?.value ?? lora.rank);
    return [
      {
        row: {
          ...{ module: first.module, layer: by === 'cell' ? first.layer : null },
          pattern: patternOf(first.path, by === 'cell' ? first.layer : null),
          ...{ change, pull },
          now: { least: Math.min(...ranks), most: Math.max(...ranks) },
        },
        ...{ weight, places },
        strength: strengthOf(lora, places[0]?.path ?? '', ranks[0] ?? lora.rank),
      },
    ];
  });
  return known.length === groups.length ? known : null;
}

/** alpha / rank, or alpha / √rank (rsLoRA). */
function strengthOf(lora: LoraSettings, path: string, rank: number): number {
  const alpha = readPatterns(lora.alphaPattern).find(path)?.value ?? lora.alpha;
  return alpha / dividerOf(rank, lora);
}

/** Without the last digits, in which roots are rounded. */
function alphaOf(strength: number, rank: number, lora: LoraSettings): number {
  return Number((strength * dividerOf(rank, lora)).toPrecision(12));
}

function dividerOf(rank: number, { useRslora }: LoraSettings): number {
  return useRslora ? Math.sqrt(rank) : rank;
}

/** The last half of the readings: a single step's gradient says little. */
function meanPull(points: readonly HealthPoint[], layer: number, module: string): number | null {
  const late = points.slice(Math.floor(points.length / 2));
  return mean(
    late.map(({ modules }) => {
      const own = modules.find((each) => each.layer === layer && each.module === module);
      return own?.gradientNorm ?? null;
    }),
  );
}

/** 'model.layers.{layer}.self_attn.q_proj' as a pattern of PEFT's for one layer, or for the end of its path in all of them. */
function patternOf(path: string, layer: number | null): string {
  const ofLayer =
    layer === null ? path.replace(/^.*\{layer\}\./, '') : path.replace('{layer}', String(layer));
  // A dot fits any sign; written as PEFT's documentation does, no other module's path fits.
  return ofLayer.replace('{expert}', String.raw`\d+`);
}

/** NaN where one is not finite. */
function mean(values: readonly (number | null)[]): number {
  return values.reduce<number>((sum, value) => sum + (value ?? NaN), 0) / values.length;
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other);
  const low = sorted[Math.floor((sorted.length - 1) / 2)] ?? NaN;
  const high = sorted[Math.floor(sorted.length / 2)] ?? NaN;
  return (low + high) / 2;
}
