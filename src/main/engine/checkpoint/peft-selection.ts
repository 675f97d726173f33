/** Which modules an adapter_config.json selects. PEFT computes with those only, whatever else the file of tensors holds. */
import { z } from 'zod';
import { lorikeetError } from '../../../shared/errors/lorikeet-error.ts';
import { isEndOf } from '../../../shared/modules-called.ts';
import { moduleTest } from './name-patterns.ts';

const names = z.union([z.string(), z.array(z.string())]).nullish();

/** The keys of the config that select. */
export const selectionFields = {
  target_modules: names,
  exclude_modules: names,
  layers_to_transform: z.union([z.int(), z.array(z.int())]).nullish(),
  layers_pattern: names,
};

type Fields = z.output<z.ZodObject<typeof selectionFields>>;

export type Selection = {
  /** Whether a module is adapted, by its path: 'model.layers.0.self_attn.q_proj'. */
  selects(module: string): boolean;
  /** Those of the names in target_modules that fit none of the modules. */
  idleNames(modules: readonly string[]): string[];
};

/**
 * PEFT's `check_target_module_exists`: a text is a regular expression for the whole path, in a list are ends of paths. Without
 * target_modules the modules are those of the file.
 * Errors: adapter/bad-config, also for what PEFT's `LoraConfig` refuses.
 */
export function selectionOf(fields: Fields, where: string): Selection {
  checkTogether(fields, where);
  const { target_modules: targets, exclude_modules: excluded } = fields;
  const isTarget = targets == null || isAllLinear(targets) ? () => true : fits(targets, where);
  const isExcluded = excluded == null || excluded === '' ? () => false : fits(excluded, where);
  const isInLayers = layerTest(fields, where);
  return {
    selects: (module) => !isExcluded(module) && isTarget(module) && isInLayers(module),
    idleNames: (modules) =>
      Array.isArray(targets)
        ? targets.filter((name) => !modules.some((module) => isEndOf(name, module)))
        : [],
  };
}

function checkTogether(fields: Fields, where: string): void {
  const { target_modules: targets, layers_to_transform: layers, layers_pattern: pattern } = fields;
  const problems: string[] = [];
  if (typeof targets === 'string' && !isAllLinear(targets) && layers != null) {
    problems.push('layers_to_transform cannot be used with a pattern in target_modules');
  }
  if (pattern != null && pattern.length > 0 && layers == null) {
    problems.push('layers_pattern says nothing without layers_to_transform');
  }
  if (problems.length > 0) throw lorikeetError('adapter/bad-config', { path: where, problems });
}

function isAllLinear(targets: string | string[]): boolean {
  return typeof targets === 'string' && targets.toLowerCase() === 'all-linear';
}

function fits(names: string | string[], where: string): (module: string) => boolean {
  if (typeof names === 'string') return moduleTest(names, where, (source) => `(?:${source})$`);
  return (module) => names.some((name) => isEndOf(name, module));
}

/** The number after the pattern's name is the layer; without a pattern the last number inside the path. */
function layerTest(fields: Fields, where: string): (module: string) => boolean {
  const { layers_to_transform: layers, layers_pattern: given } = fields;
  const wanted = layers == null ? [] : [layers].flat();
  if (wanted.length === 0 && layers !== 0) return () => true;
  const patterns = [given ?? []].flat().filter((pattern) => pattern !== '');
  const named = (number: string) =>
    (patterns.length > 0 ? patterns : ['[^.]*']).map((pattern) =>
      moduleTest(pattern, where, (source) => String.raw`.*\.(?:${source})\.(?:${number})\.`),
    );
  const anyLayer = named(String.raw`\d+`);
  const wantedLayer = named(wanted.join('|'));
  return (module) => {
    const first = anyLayer.findIndex((test) => test(module));
    return wantedLayer[first]?.(module) ?? false;
  };
}
