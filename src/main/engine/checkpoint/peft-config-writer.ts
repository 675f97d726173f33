/** adapter_config.json as PEFT writes it: the keys that versions old and new understand. */
import { shortName } from '../model/short-name.ts';
import { layerOf, type Adapter, type AdapterModule } from './adapter.ts';
import {
  expertParameters,
  expertsTogether,
  isOfAllExperts,
  withoutExperts,
} from './peft-experts.ts';
import { savedModules } from './saved-head.ts';

/** What is known of the base of an adapter that is written: its number of layers, and all linear layers in one of them. */
export type AdapterBase = {
  layers: number;
  linears: readonly { path: string; transposed?: boolean }[];
};

/**
 * The config of an adapter. Modules that form a grid are named shortly, with `layers_to_transform`; others by
 * their whole paths, which PEFT matches as well. With `base` an adapter on all layers needs no list of them, and short names
 * are none that mean further modules of the base.
 */
export function peftConfig(adapter: Adapter, base: AdapterBase | null): Record<string, unknown> {
  const linears = (base?.linears ?? []).map(({ path }) => path);
  const together = expertsTogether(adapter.modules, linears);
  const names = namesIn([...together.keys()], withoutExperts(linears));
  // A name that says more than the matrix is in the path of no single expert.
  const hidden = [...together.keys()].some(
    (path) => isOfAllExperts(path) && names(path)?.includes('.') !== false,
  );
  const experts = hidden ? expertParameters(together, adapter.useRslora) : null;
  const listed = experts
    ? new Map([...together].filter(([path]) => !isOfAllExperts(path)))
    : hidden
      ? adapter.modules
      : together;
  const nameOf = listed === adapter.modules ? namesIn([...listed.keys()], linears) : names;
  const grid = gridOf([...listed.keys()], nameOf);
  const allLayers = grid?.layers.length === base?.layers;
  const pattern = (valueOf: (module: AdapterModule) => number, common: number) =>
    patternOf(listed, nameOf, valueOf, common);
  return {
    alpha_pattern: {
      ...experts?.alphaPattern,
      ...pattern(({ alpha }) => alpha, adapter.alpha),
    },
    auto_mapping: null,
    base_model_name_or_path: adapter.baseModel,
    bias: 'none',
    fan_in_fan_out: base?.linears.some(({ transposed }) => transposed) ?? false,
    inference_mode: true,
    init_lora_weights: true,
    layers_pattern: null,
    layers_to_transform: grid === null || allLayers ? null : grid.layers,
    lora_alpha: adapter.alpha,
    lora_dropout: adapter.dropout,
    modules_to_save: adapter.saved.size > 0 ? savedModules(adapter) : null,
    peft_type: 'LORA',
    r: adapter.rank,
    rank_pattern: { ...experts?.rankPattern, ...pattern(({ rank }) => rank, adapter.rank) },
    revision: adapter.revision ?? null,
    target_modules: grid === null ? [...listed.keys()] : grid.names,
    ...(experts && { target_parameters: experts.parameters }),
    task_type: adapter.taskType,
    use_dora: adapter.useDora,
    use_rslora: adapter.useRslora,
  };
}

/** The short name of a module by its path, null where it has none. */
type NameOf = (path: string) => string | null;

function namesIn(paths: readonly string[], linears: readonly string[]): NameOf {
  const local = (path: string) => layerOf(path)?.path ?? path;
  const all = [...new Set([...paths.map(local), ...linears])];
  return (path) => shortName(local(path), all);
}

/**
 * A value of the modules that have another than `common`, by patterns for the ends of paths as they are in a run's settings.
 * @param linears paths of all linear layers in a layer of the base
 */
export function modulePatterns(
  modules: ReadonlyMap<string, AdapterModule>,
  linears: readonly string[],
  valueOf: (module: AdapterModule) => number,
  common: number,
): Record<string, number> {
  return patternOf(modules, namesIn([...modules.keys()], linears), valueOf, common);
}

/** Names and layers whose every combination is there, and nothing else; null for any other shape. */
function gridOf(
  paths: readonly string[],
  nameOf: NameOf,
): { names: string[]; layers: number[] } | null {
  const names = new Set<string>();
  const layers = new Set<number>();
  for (const path of paths) {
    const place = layerOf(path);
    const name = nameOf(path);
    if (place === undefined || name === null) return null;
    names.add(name);
    layers.add(place.layer);
  }
  if (names.size * layers.size !== paths.length) return null;
  return { names: [...names], layers: [...layers].sort((a, b) => a - b) };
}

/**
 * Where a value differs from the adapter's own: by short name where all modules of that name agree, else by
 * path. PEFT reads the keys as regular expressions and takes the first that fits, so paths come first.
 */
function patternOf(
  modules: ReadonlyMap<string, AdapterModule>,
  nameOf: NameOf,
  valueOf: (module: AdapterModule) => number,
  common: number,
): Record<string, number> {
  const byName = new Map<string, Set<number>>();
  for (const [path, module] of modules) {
    const name = nameOf(path) ?? path;
    const values = byName.get(name) ?? new Set();
    byName.set(name, values.add(valueOf(module)));
  }
  const whole: [string, number][] = [];
  const short = new Map<string, number>();
  for (const [path, module] of modules) {
    const value = valueOf(module);
    if (value === common) continue;
    const name = nameOf(path);
    if (name !== null && byName.get(name)?.size === 1) short.set(name, value);
    else whole.push([path.replaceAll('.', String.raw`\.`), value]);
  }
  return Object.fromEntries([...whole, ...short]);
}
