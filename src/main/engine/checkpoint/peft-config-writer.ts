/** adapter_config.json as PEFT writes it: the keys that versions old and new understand. */
import { layerOf, shortName, type Adapter } from './adapter.ts';

/**
 * The config of an adapter. Modules that form a grid are named shortly, with `layers_to_transform`; others by
 * their whole paths, which PEFT matches as well. `layerCount` is the number of layers of the base model: with
 * it, an adapter on all layers needs no list of them.
 */
export function peftConfig(adapter: Adapter, layerCount?: number): Record<string, unknown> {
  const grid = gridOf([...adapter.modules.keys()]);
  const allLayers = grid?.layers.length === layerCount;
  return {
    alpha_pattern: patternOf(adapter, (module) => module.alpha, adapter.alpha),
    auto_mapping: null,
    base_model_name_or_path: adapter.baseModel,
    bias: 'none',
    fan_in_fan_out: false,
    inference_mode: true,
    init_lora_weights: true,
    layers_pattern: null,
    layers_to_transform: grid === null || allLayers ? null : grid.layers,
    lora_alpha: adapter.alpha,
    lora_dropout: adapter.dropout,
    modules_to_save: null,
    peft_type: 'LORA',
    r: adapter.rank,
    rank_pattern: patternOf(adapter, (module) => module.rank, adapter.rank),
    revision: null,
    target_modules: grid === null ? [...adapter.modules.keys()] : grid.names,
    task_type: 'CAUSAL_LM',
    use_dora: adapter.useDora,
    use_rslora: adapter.useRslora,
  };
}

/** Names and layers whose every combination is there, and nothing else; null for any other shape. */
function gridOf(paths: readonly string[]): { names: string[]; layers: number[] } | null {
  const names = new Set<string>();
  const layers = new Set<number>();
  for (const path of paths) {
    const place = layerOf(path);
    if (place === undefined) return null;
    names.add(shortName(path));
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
  adapter: Adapter,
  valueOf: (module: { rank: number; alpha: number }) => number,
  common: number,
): Record<string, number> {
  const byName = new Map<string, Set<number>>();
  for (const [path, module] of adapter.modules) {
    const values = byName.get(shortName(path)) ?? new Set();
    byName.set(shortName(path), values.add(valueOf(module)));
  }
  const whole: [string, number][] = [];
  const short = new Map<string, number>();
  for (const [path, module] of adapter.modules) {
    const value = valueOf(module);
    if (value === common) continue;
    if (byName.get(shortName(path))?.size === 1) short.set(shortName(path), value);
    else whole.push([path.replaceAll('.', String.raw`\.`), value]);
  }
  return Object.fromEntries([...whole, ...short]);
}
