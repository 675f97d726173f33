/** From the modules of an adapter to the targets that a person would name for them. */
import type { LoraSettings, Target } from '../../../shared/contract/training-config.ts';
import { linearAt, linearsOf, type Architecture } from '../model/architecture.ts';

/**
 * Each module with its layers, in the order of the forward pass; 'all-linear' where they are those. A module that every expert has
 * counts where one expert's is among them.
 * @param paths of linear layers of the model
 */
export function targetsOf(
  paths: readonly string[],
  architecture: Architecture,
): Exclude<LoraSettings['targets'], 'all-linear'> {
  const { config, linears, head } = architecture;
  const found = new Map<string, Set<number>>();
  for (const path of paths) {
    const place = linearAt(architecture, path);
    if (!place) continue;
    const { name } = place.module;
    found.set(name, (found.get(name) ?? new Set()).add(place.layer));
  }
  const layers = Array.from({ length: config.numHiddenLayers }, (_, layer) => layer);
  const names = [...new Set([...linears, ...head.linears].map(({ name }) => name))];
  return names.flatMap((module): Target[] => {
    const own = found.get(module);
    if (!own) return [];
    const having = layers.filter((layer) =>
      linearsOf(architecture, layer).some(({ name }) => name === module),
    );
    const whole = having.every((layer) => own.has(layer));
    return [{ module, layers: whole ? 'all' : having.filter((layer) => own.has(layer)) }];
  });
}

/** The same, with one word for every linear layer of all layers. */
export function usualTargetsOf(
  paths: readonly string[],
  architecture: Architecture,
): LoraSettings['targets'] {
  const targets = targetsOf(paths, architecture);
  const usual = architecture.linears.filter(({ gate }) => !gate).map(({ name }) => name);
  const all =
    targets.every(({ layers }) => layers === 'all') &&
    targets.map(({ module }) => module).join('\n') === [...new Set(usual)].join('\n');
  return all ? 'all-linear' : targets;
}
