/** From LoRA settings to targets, the linear layers that get an adapter. */
import { frozenRanks, largestRank, rankFits } from '../../../shared/adapter-size.ts';
import type { LoraSettings } from '../../../shared/contract/training-config.ts';
import { lorikeetError } from '../../../shared/errors/lorikeet-error.ts';
import { modulesCalled } from '../../../shared/modules-called.ts';
import { loraScaling } from '../checkpoint/adapter.ts';
import { idlePatterns, namePatterns } from '../checkpoint/name-patterns.ts';
import {
  layerPath,
  linearsOf,
  type Architecture,
  type LinearLayer,
} from '../model/architecture.ts';
import type { Target } from './layout.ts';

/**
 * The targets, layer by layer in the order of the forward pass.
 * @throws lora/unknown-modules, lora/layers-out-of-range, lora/not-in-layers, lora/bad-rank, lora/idle-patterns,
 * adapter/bad-config for a pattern
 */
export function resolveTargets(architecture: Architecture, lora: LoraSettings): Target[] {
  const rankOf = namePatterns(lora.rankPattern, 'rank pattern');
  const alphaOf = namePatterns(lora.alphaPattern, 'alpha pattern');
  const places = targetPlaces(architecture, lora);
  const paths = places.map(({ path }) => path);
  refuseIdle('rank', lora.rankPattern, paths);
  refuseIdle('alpha', lora.alphaPattern, paths);
  return places.map((place): Target => {
    const rank = rankOf(place.path) ?? lora.rank;
    const alpha = alphaOf(place.path) ?? lora.alpha;
    checkRank(rank, place.module);
    const scaling = loraScaling(rank, alpha, lora.useRslora);
    const frozenRank = frozenRanks(lora.init, rank);
    return { ...place, rank: rank + frozenRank, alpha, scaling, dora: lora.useDora, frozenRank };
  });
}

/** A pattern without effect is a slip of the pen; PEFT would train without a word. */
function refuseIdle(
  kind: 'rank' | 'alpha',
  patterns: Readonly<Record<string, number>>,
  paths: readonly string[],
): void {
  const idle = idlePatterns(patterns, `${kind} pattern`, paths);
  if (idle.length > 0) throw lorikeetError('lora/idle-patterns', { kind, idle });
}

function targetPlaces(
  architecture: Architecture,
  lora: LoraSettings,
): Pick<Target, 'layer' | 'module' | 'path'>[] {
  const { config, linears, head } = architecture;
  const names = [...new Set(linears.map(({ name }) => name))];
  const all = linears.filter(({ gate }) => !gate).map(({ name }) => name);
  const targets =
    lora.targets === 'all-linear'
      ? all.map((module) => ({ module, layers: 'all' as const }))
      : lora.targets;

  const named = targets.map(({ module, layers }) => {
    return { module, layers, linears: modulesCalled(module, [...linears, ...head.linears]) };
  });
  const unknown = named.filter((each) => each.linears.length === 0).map(({ module }) => module);
  if (unknown.length > 0) throw lorikeetError('lora/unknown-modules', { unknown, known: names });
  const layerCount = config.numHiddenLayers;
  const outside = targets
    .flatMap(({ layers }) => (layers === 'all' ? [] : layers))
    .filter((layer) => layer >= layerCount);
  if (outside.length > 0) {
    throw lorikeetError('lora/layers-out-of-range', { outside: [...new Set(outside)], layerCount });
  }
  const wanted = (linear: LinearLayer, layer: number) =>
    named.some(
      ({ linears, layers }) =>
        linears.includes(linear) && (layers === 'all' || layers.includes(layer)),
    );
  const inHead = head.linears.filter((linear) =>
    named.some(({ linears, layers }) => linears.includes(linear) && layers === 'all'),
  );
  const inLayers = Array.from({ length: layerCount }, (_, layer) =>
    linearsOf(architecture, layer)
      .filter((linear) => wanted(linear, layer))
      .map((module) => {
        return { layer, module, path: `${layerPath(architecture, layer)}.${module.path}` };
      }),
  ).flat();
  const places = [
    ...inLayers,
    ...inHead.map((module) => ({ layer: layerCount, module, path: module.path })),
  ];
  if (places.length > 0) return places;
  throw lorikeetError('lora/not-in-layers', {
    modules: named.map(({ module, linears }) => ({
      module,
      layers: Array.from({ length: layerCount }, (_, layer) => layer).filter((layer) =>
        linearsOf(architecture, layer).some((linear) => linears.includes(linear)),
      ),
    })),
  });
}

function checkRank(rank: number, module: LinearLayer): void {
  if (rankFits(rank, module)) return;
  const details = { rank, most: largestRank(module), module: module.name };
  throw lorikeetError('lora/bad-rank', details);
}
