/** Which layers of a model see only the last tokens, as config.json says it. */
import { isDeepStrictEqual } from 'node:util';
import type { JsonObject } from './family.ts';
import { shownSetting } from './shown-setting.ts';

/** The window of each layer, null for all tokens, and the keys of config.json that say so. */
export type WindowPlan = { byLayer: readonly (number | null)[]; keys: JsonObject };

/** What config.json says, or what of it cannot be honoured, in words. */
export type WindowReader = (json: JsonObject, layers: number) => WindowPlan | { refused: string };

/** For a family without windows: refuses a config that asks for one. */
export const noWindows: WindowReader = (json, layers) => {
  const width = json['sliding_window'] ?? null;
  if (!isNoWidth(width) && json['use_sliding_window'] !== false) {
    return refusal(json, 'sliding_window');
  }
  return windowed(json, layers, null, () => false);
};

/**
 * Every layer has the window `sliding_window`, which is `missing` where the key is missing; null or 0 is none. Keys that would
 * take it away from some layers contradict it.
 */
export function everyLayer(missing: number | null): WindowReader {
  return layersBy(missing, () => true);
}

/** For a family that goes by its other keys alone in transformers: a `layer_types` that says otherwise is refused. */
export function agreedLayerTypes(reader: WindowReader): WindowReader {
  return (json, layers) => {
    const plan = reader(json, layers);
    const { layer_types: types, ...others } = json;
    if (types === undefined || types === null || 'refused' in plan) return plan;
    const alone = reader(others, layers);
    const isSame = !('refused' in alone) && isDeepStrictEqual(alone.byLayer, plan.byLayer);
    return isSame ? plan : refusal(json, 'layer_types');
  };
}

/** Every other layer has the window, the first one among them. */
export function everyOther(missing: number): WindowReader {
  return layersBy(missing, (layer) => layer % 2 === 0);
}

/** All layers have the window but the last of each `group`, or of as many as `sliding_window_pattern` says. */
export function allButOneOf(group: number, missing: number): WindowReader {
  return (json, layers) => {
    const { sliding_window_pattern: pattern = group } = json;
    if (typeof pattern !== 'number' || !Number.isInteger(pattern) || pattern < 1) {
      return refusal(json, 'sliding_window_pattern');
    }
    return layersBy(missing, (layer) => (layer + 1) % pattern !== 0)(json, layers);
  };
}

/** Keys that `allButOneOf` reads beside `windowKeys`; transformers 5 writes the second, and reads `layer_types` instead. */
export const patternKeys = ['sliding_window_pattern', '_sliding_window_pattern'];

function layersBy(missing: number | null, isWindowed: (layer: number) => boolean): WindowReader {
  return (json, layers) => {
    const width = json['sliding_window'] === undefined ? missing : json['sliding_window'];
    if (!isNoWidth(width)) {
      if (json['use_sliding_window'] === false) return refusal(json, 'use_sliding_window');
      if ((json['max_window_layers'] ?? 0) !== 0) return refusal(json, 'max_window_layers');
    }
    return windowed(json, layers, width, isWindowed);
  };
}

/**
 * As Qwen has it: with `use_sliding_window` some layers have the window `sliding_window` (4096; null or 0 is none). Which they
 * are depends on `max_window_layers` (28 where that is missing).
 */
export function askedFor(isWindowed: (layer: number, first: number) => boolean): WindowReader {
  return (json, layers) => {
    const { use_sliding_window: used = false, max_window_layers: first = 28 } = json;
    if (typeof used !== 'boolean') return refusal(json, 'use_sliding_window');
    if (typeof first !== 'number') return refusal(json, 'max_window_layers');
    const { sliding_window: width = 4096 } = json;
    return windowed(json, layers, used ? width : null, (layer) => isWindowed(layer, first));
  };
}

/** The layers from `max_window_layers` on. */
export const upperLayers = askedFor((layer, first) => layer >= first);

/** Keys of config.json that are read here. */
export const windowKeys = [
  'layer_types',
  'max_window_layers',
  'sliding_window',
  'use_sliding_window',
];

/** `layer_types`, where it is there, has the last word on which layers are windowed. */
function windowed(
  json: JsonObject,
  layers: number,
  given: unknown,
  byRule: (layer: number) => boolean,
): WindowPlan | { refused: string } {
  if (given !== null && !Number.isInteger(given)) return refusal(json, 'sliding_window');
  const width = typeof given === 'number' && !isNoWidth(given) ? given : null;
  const types: unknown = json['layer_types'] ?? null;
  const there = windowKeys.filter((key) => key in json);
  // Written as null, which means none to every reader; 0 does not.
  const keys = Object.fromEntries(
    there.map((key) => [key, key === 'sliding_window' && isNoWidth(json[key]) ? null : json[key]]),
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

function isNoWidth(width: unknown): boolean {
  return width === null || (typeof width === 'number' && width <= 0);
}

function refusal(json: JsonObject, key: string): { refused: string } {
  return { refused: `${key} ${shownSetting(json[key])}` };
}
