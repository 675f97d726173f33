/** How a config.json stretches rotary positions, in the classic keys and in those of transformers 5. */
import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { isObject } from '../../../shared/is-object.ts';
import { listOf } from '../../../shared/first-wrong.ts';
import { shownSetting } from './shown-setting.ts';

/**
 * `linear`: positions are divided by `factor`. `llama3`: each frequency is kept, divided by `factor`, or
 * something between, by its wavelength (transformers `modeling_rope_utils._compute_llama3_parameters`). `longrope`: each
 * frequency is divided by a factor of its own, in sequences longer than the original ones by another (Phi-3,
 * arXiv:2402.13753).
 */
export type RopeScaling =
  | { type: 'linear'; factor: number }
  | {
      type: 'llama3';
      factor: number;
      lowFreqFactor: number;
      highFreqFactor: number;
      originalMaxPositionEmbeddings: number;
    }
  | {
      type: 'longrope';
      shortFactors: readonly number[];
      longFactors: readonly number[];
      /** What cosines and sines are multiplied with, at any length. */
      attentionFactor: number;
      /** Whether the file names it, where it follows from the lengths in others. */
      namedFactor: boolean;
      originalMaxPositionEmbeddings: number;
    };

export type Rope = {
  theta: number;
  scaling: RopeScaling | null;
  /** The share of each head's numbers that is turned. */
  share: number;
};
type Found = Rope & { unsupported: string[] };
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
  partial_rotary_factor: z.unknown().optional(),
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

const factors = listOf(z.number().positive());
const longrope = z.strictObject({
  ...common,
  short_factor: factors,
  long_factor: factors,
  factor: z.number().positive().nullish(),
  attention_factor: z.number().positive().nullish(),
  original_max_position_embeddings: z.number().positive(),
});

export type RopeOptions = {
  /** The base where none is named. */
  theta: number;
  /** Whether the family turns a part of each head where it is asked to, and knows `longrope`. */
  partly: boolean;
};

/**
 * The base and the scaling that a config.json asks for; what is not supported is named, not thrown. As in transformers 5 a
 * `rope_theta` inside of `rope_scaling` or `rope_parameters` wins over the one beside them, and an
 * `original_max_position_embeddings` beside them over the one inside.
 */
export function ropeScalingOf(json: Settings, options: RopeOptions): Found {
  const ropes = [json['rope_scaling'], json['rope_parameters']]
    .filter((settings) => !isEmpty(settings))
    .map((settings) => ropeOf(settings, json, options));
  const [rope = ropeOf({}, json, options), other = rope] = ropes;
  if (isDeepStrictEqual(rope, other)) return rope;
  const contradiction = 'a rope_scaling and a rope_parameters that say different things';
  return { ...rope, unsupported: [...rope.unsupported, contradiction] };
}

/** One sentence about a `rope_theta` that another, which wins, contradicts; none elsewhere. */
export function tellSecondTheta(json: Settings): string[] {
  const beside = json['rope_theta'];
  return ['rope_scaling', 'rope_parameters'].flatMap((key) => {
    const inside = isObject(json[key]) ? json[key]['rope_theta'] : undefined;
    if (typeof beside !== 'number' || typeof inside !== 'number' || inside === beside) return [];
    return `The model's config.json has rope_theta ${beside}, and ${inside} inside of ${key}: the second is used, as in transformers.`;
  });
}

function isEmpty(settings: unknown): boolean {
  return settings === undefined || settings === null || isDeepStrictEqual(settings, {});
}

function ropeOf(given: unknown, json: Settings, options: RopeOptions): Found {
  const object = z.record(z.string(), z.unknown()).safeParse(given);
  const settings: Settings = object.success ? object.data : {};
  const theta = [settings['rope_theta'], json['rope_theta'], options.theta].find(
    (value) => value !== undefined,
  );
  const none = { theta: options.theta, scaling: null, share: 1 };
  if (typeof theta !== 'number' || !(theta > 1) || !Number.isFinite(theta)) {
    return { ...none, unsupported: [`rope_theta ${shownSetting(theta)}`] };
  }
  const share = settings['partial_rotary_factor'] ?? json['partial_rotary_factor'] ?? 1;
  const isShare =
    typeof share === 'number' && share > 0 && (options.partly ? share <= 1 : share === 1);
  if (!isShare) return { ...none, unsupported: [`partial_rotary_factor ${shownSetting(share)}`] };
  const type = settings['rope_type'] ?? settings['type'] ?? 'default';
  const scaling = object.success ? scalingOf(type, settings, json, options) : undefined;
  if (scaling !== undefined) return { theta, scaling, share, unsupported: [] };
  const unsupported = [`rope scaling ${shownSetting(type)}: ${shownSetting(given)}`];
  return { ...none, theta, unsupported };
}

/** Undefined where it is not supported. */
function scalingOf(
  type: unknown,
  settings: Settings,
  json: Settings,
  { partly }: RopeOptions,
): RopeScaling | null | undefined {
  if (type === 'default') return unscaled.safeParse(settings).success ? null : undefined;
  if (type === 'linear') {
    const factor = linear.safeParse(settings).data?.factor;
    return factor === undefined ? undefined : { type, factor };
  }
  const longest = json['max_position_embeddings'];
  const original =
    json['original_max_position_embeddings'] ??
    settings['original_max_position_embeddings'] ??
    longest;
  if (partly && longropeNames.includes(String(type))) {
    const given = { ...settings, original_max_position_embeddings: original };
    const fields = longrope.safeParse(given).data;
    return fields && longropeOf(fields, Number(longest));
  }
  if (type !== 'llama3') return undefined;
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

/** Old Phi-3 files say `su`, and some `yarn`, and mean the same (transformers `Phi3Config`). */
const longropeNames = ['longrope', 'su', 'yarn'];

/**
 * The factor of cosines and sines: √(1 + ln s / ln original) for sequences s times as long as the original ones, unless the
 * file names it (transformers `modeling_rope_utils._compute_longrope_parameters`).
 */
function longropeOf(fields: z.output<typeof longrope>, longest: number): RopeScaling {
  const original = fields.original_max_position_embeddings;
  const stretch = fields.factor ?? longest / original;
  const computed = stretch <= 1 ? 1 : Math.sqrt(1 + Math.log(stretch) / Math.log(original));
  const factor = fields.attention_factor ?? computed;
  return {
    type: 'longrope',
    shortFactors: fields.short_factor,
    longFactors: fields.long_factor,
    attentionFactor: factor,
    namedFactor: factor !== computed,
    originalMaxPositionEmbeddings: original,
  };
}
