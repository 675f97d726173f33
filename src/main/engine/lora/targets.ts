/** From LoRA settings to the linear layers that get an adapter. */
import { frozenRanks, largestRank, rankFits } from '../../../shared/adapter-size.ts';
import type { LoraSettings } from '../../../shared/contract/training-config.ts';
import { lorikeetError } from '../../../shared/errors/lorikeet-error.ts';
import { loraScaling } from '../checkpoint/adapter.ts';
import { idlePatterns, namePatterns } from '../checkpoint/name-patterns.ts';
import { linearModules, type LinearLayer, type ModelConfig } from '../model/config.ts';
import { modulePath, type AdaptedModule } from './layout.ts';

/**
 * The adapted modules, layer by layer in the order of the forward pass.
 * @throws lora/unknown-modules, lora/layers-out-of-range, lora/bad-rank, lora/idle-patterns, adapter/bad-config for a pattern
 */
export function resolveTargets(config: ModelConfig, lora: LoraSettings): AdaptedModule[] {
  const rankOf = namePatterns(lora.rankPattern, 'rank pattern');
  const alphaOf = namePatterns(lora.alphaPattern, 'alpha pattern');
  const places = targetedModules(config, lora);
  const paths = places.map(modulePath);
  refuseIdle('rank', lora.rankPattern, paths);
  refuseIdle('alpha', lora.alphaPattern, paths);
  return places.map((place): AdaptedModule => {
    const rank = rankOf(modulePath(place)) ?? lora.rank;
    const alpha = alphaOf(modulePath(place)) ?? lora.alpha;
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

function targetedModules(
  config: ModelConfig,
  lora: LoraSettings,
): { layer: number; module: LinearLayer }[] {
  const modules = linearModules(config);
  const names = modules.map((module): string => module.name);
  const targets =
    lora.targets === 'all-linear'
      ? names.map((module) => ({ module, layers: 'all' as const }))
      : lora.targets;

  const unknown = targets.map(({ module }) => module).filter((name) => !names.includes(name));
  if (unknown.length > 0) throw lorikeetError('lora/unknown-modules', { unknown, known: names });
  const layerCount = config.numHiddenLayers;
  const outside = targets
    .flatMap(({ layers }) => (layers === 'all' ? [] : layers))
    .filter((layer) => layer >= layerCount);
  if (outside.length > 0) {
    throw lorikeetError('lora/layers-out-of-range', { outside: [...new Set(outside)], layerCount });
  }
  const wanted = (name: string, layer: number) =>
    targets.some(
      (target) =>
        target.module === name && (target.layers === 'all' || target.layers.includes(layer)),
    );
  return Array.from({ length: layerCount }, (_, layer) =>
    modules.filter(({ name }) => wanted(name, layer)).map((module) => ({ layer, module })),
  ).flat();
}

function checkRank(rank: number, module: LinearLayer): void {
  if (rankFits(rank, module)) return;
  const details = { rank, most: largestRank(module), module: module.name };
  throw lorikeetError('lora/bad-rank', details);
}
