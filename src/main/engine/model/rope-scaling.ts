/** How a config.json stretches rotary positions, in the classic keys and in those of transformers 5. */
import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { shownSetting } from './shown-setting.ts';

/**
 * `linear`: positions are divided by `factor`. `llama3`: each frequency is kept, divided by `factor`, or
 * something between, by its wavelength (transformers `modeling_rope_utils._compute_llama3_parameters`).
 */
export type RopeScaling =
  | { type: 'linear'; factor: number }
  | {
      type: 'llama3';
      factor: number;
      lowFreqFactor: number;
      highFreqFactor: number;
      originalMaxPositionEmbeddings: number;
    };

type Rope = { theta: number; scaling: RopeScaling | null; unsupported: string[] };
type Settings = Readonly<Record<string, unknown>>;

/** Keys of config.json that are read here. */
export const ropeKeys = [
  'original_max_position_embeddings',
  'rope_parameters',
  'rope_scaling',
  'rope_theta',
];

/** Beside the keys of a type; a key more, such as one for each kind of layer, would not be honoured. */
const common = {
  rope_type: z.string().nullish(),
  type: z.string().nullish(),
  rope_theta: z.unknown().optional(),
  partial_rotary_factor: z.literal(1).nullish(),
};
const unscaled = z.strictObject(common);
const linear = z.strictObject({ ...common, factor: z.number().positive() });
const llama3 = z.strictObject({
  ...common,
  factor: z.number().positive(),
  low_freq_factor: z.number().positive(),
  high_freq_factor: z.number().positive(),
  original_max_position_embeddings: z.number().positive(),
});

/**
 * The base and the scaling that a config.json asks for; what is not supported is named, not thrown. As in transformers 5 a
 * `rope_theta` inside of `rope_scaling` or `rope_parameters` wins over the one beside them, and an
 * `original_max_position_embeddings` beside them over the one inside.
 * @param defaultTheta the base where none is named
 */
export function ropeScalingOf(json: Settings, defaultTheta: number): Rope {
  const ropes = [json['rope_scaling'], json['rope_parameters']]
    .filter((settings) => !isEmpty(settings))
    .map((settings) => ropeOf(settings, json, defaultTheta));
  const [rope = ropeOf({}, json, defaultTheta), other = rope] = ropes;
  if (isDeepStrictEqual(rope, other)) return rope;
  const contradiction = 'a rope_scaling and a rope_parameters that say different things';
  return { ...rope, unsupported: [...rope.unsupported, contradiction] };
}

function isEmpty(settings: unknown): boolean {
  return settings === undefined || settings === null || isDeepStrictEqual(settings, {});
}

function ropeOf(given: unknown, json: Settings, defaultTheta: number): Rope {
  const object = z.record(z.string(), z.unknown()).safeParse(given);
  const settings: Settings = object.success ? object.data : {};
  const theta = [settings['rope_theta'], json['rope_theta'], defaultTheta].find(
    (value) => value !== undefined,
  );
  if (typeof theta !== 'number' || !(theta > 1) || !Number.isFinite(theta)) {
    const unsupported = [`rope_theta ${shownSetting(theta)}`];
    return { theta: defaultTheta, scaling: null, unsupported };
  }
  const type = settings['rope_type'] ?? settings['type'] ?? 'default';
  const scaling = object.success ? scalingOf(type, settings, json) : undefined;
  if (scaling !== undefined) return { theta, scaling, unsupported: [] };
  const unsupported = [`rope scaling ${shownSetting(type)}: ${shownSetting(given)}`];
  return { theta, scaling: null, unsupported };
}

/** Undefined where it is not supported. */
function scalingOf(
  type: unknown,
  settings: Settings,
  json: Settings,
): RopeScaling | null | undefined {
  if (type === 'default') return unscaled.safeParse(settings).success ? null : undefined;
  if (type === 'linear') {
    const factor = linear.safeParse(settings).data?.factor;
    return factor === undefined ? undefined : { type, factor };
  }
  if (type !== 'llama3') return undefined;
  const original =
    json['original_max_position_embeddings'] ??
    settings['original_max_position_embeddings'] ??
    json['max_position_embeddings'];
  const fields = llama3.safeParse({ ...settings, original_max_position_embeddings: original }).data;
  if (fields === undefined) return undefined;
  return {
    type,
    factor: fields.factor,
    lowFreqFactor: fields.low_freq_factor,
    highFreqFactor: fields.high_freq_factor,
    originalMaxPositionEmbeddings: fields.original_max_position_embeddings,
  };
}
