/** Which layers of a model see only the last tokens, as config.json says it. */
import type { JsonObject } from '../family.ts';

/** The window of each layer, null for all tokens, and the keys of config.json that say so. */
export type WindowPlan = { byLayer: readonly (number | null)[]; keys: JsonObject };

/** What config.json says, or what of it cannot be honoured, in words. */
export type WindowReader = (json: JsonObject, layers: number) => WindowPlan | { refused: string };

/** For a family without windows: refuses a config that asks for one. */
export const noWindows: WindowReader = (json, layers) => {
  const window = json['sliding_window'] ?? null;
  if (window !== null && json['use_sliding_window'] !== false)
    return refusal(json, 'sliding_window');
  return windowed(json, layers, null, () => false);
};

/** Every layer has the window `sliding_window`, which is `missing` where the key is missing; null or 0 is none. */
export function everyLayer(missing: number): WindowReader {
  return (json, layers) => {
    const width = json['sliding_window'] === undefined ? missing : json['sliding_window'];
    return windowed(json, layers, width, () => true);
  };
}

/**
 * As Qwen has it: with `use_sliding_window` the layers from `max_window_layers` on (28 where that is missing) have the window
 * `sliding_window` (4096).
 */
export const upperLayers: WindowReader = (json, layers) => {
  const used = json['use_sliding_window'] ?? false;
  if (typeof used !== 'boolean') return refusal(json, 'use_sliding_window');
  const first = json['max_window_layers'] ?? 28;
  if (typeof first !== 'number') return refusal(json, 'max_window_layers');
  const width = used ? (json['sliding_window'] ?? 4096) : null;
  return windowed(json, layers, width, (layer) => layer >= first);
};

const keyNames = ['layer_types', 'max_window_layers', 'sliding_window', 'use_sliding_window'];

/** `layer_types`, where it is there, has the last word on which layers are windowed. */
function windowed(
  json: JsonObject,
  layers: number,
  given: unknown,
  byRule: (layer: number) => boolean,
): WindowPlan | { refused: string } {
  if (given !== null && !Number.isInteger(given)) return refusal(json, 'sliding_window');
  const width = typeof given === 'number' && given > 0 ? given : null;
  const types: unknown = json['layer_types'] ?? null;
  const keys = Object.fromEntries(
    keyNames.flatMap((key) => (key in json ? [[key, json[key]]] : [])),
  );
  const plan = (isWindowed: (layer: number) => boolean): WindowPlan => ({
    byLayer: Array.from({ length: layers }, (_, layer) => (isWindowed(layer) ? width : null)),
    keys,
  });
  if (types === null) return plan(byRule);
  const known = ['full_attention', 'sliding_attention'];
  if (!Array.isArray(types) || types.length !== layers) return refusal(json, 'layer_types');
  const other: unknown = types.find((type) => !known.includes(String(type)));
  if (other !== undefined) return { refused: `layer_types with ${JSON.stringify(other)}` };
  if (width === null && types.includes('sliding_attention')) {
    return { refused: 'layer_types with "sliding_attention" and no sliding_window' };
  }
  return plan((layer) => types[layer] === 'sliding_attention');
}

function refusal(json: JsonObject, key: string): { refused: string } {
  return { refused: `${key} ${JSON.stringify(json[key])}` };
}
