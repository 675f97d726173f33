/** From LoRA settings to the linear layers that get an adapter. */
import { lorikeetError } from '../../../shared/errors/lorikeet-error.ts';
import type { LoraSettings } from '../../../shared/contract/training-config.ts';
import { loraScaling } from '../checkpoint/adapter.ts';
import { linearModules, type ModelConfig } from '../model/config.ts';
import type { AdaptedModule } from './layout.ts';

/**
 * The adapted modules, layer by layer in the order of the forward pass.
 * @throws lora/unknown-modules, lora/layers-out-of-range, lora/bad-rank
 */
export function resolveTargets(config: ModelConfig, lora: LoraSettings): AdaptedModule[] {
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
  const adapted = Array.from({ length: layerCount }, (_, layer) =>
    modules
      .filter((module) => wanted(module.name, layer))
      .map((module) => ({
        layer,
        module,
        rank: lora.rank,
        scaling: loraScaling(lora.rank, lora.alpha, false),
      })),
  ).flat();
  checkRank(lora.rank, adapted);
  return adapted;
}

/** A rank above the smaller side of a matrix adds parameters and no freedom. */
function checkRank(rank: number, adapted: readonly AdaptedModule[]): void {
  const smallest = adapted
    .map(({ module }) => ({ name: module.name, size: Math.min(module.in, module.out) }))
    .sort((a, b) => a.size - b.size)[0];
  if (rank < 1 || (smallest && rank > smallest.size)) {
    throw lorikeetError('lora/bad-rank', {
      rank,
      most: smallest?.size ?? 1,
      module: smallest?.name ?? 'any module',
    });
  }
}
