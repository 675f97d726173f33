/** The settings of a mixture of experts in a decoder's config.json. */
import type { JsonObject } from '../family.ts';
import { shownSetting } from '../shown-setting.ts';

/** How the experts of a model are built. */
export type ExpertsConfig = {
  /** E, and how many of them a token goes to. */
  count: number;
  perToken: number;
  /** Of one expert, and of the expert that every token goes to; 0 where there is none. */
  innerSize: number;
  sharedSize: number;
  /** Whether the weights of the chosen experts are brought to a sum of 1. */
  normed: boolean;
  /** By layer: whether it has experts, or a feed-forward block as other models have. */
  layers: readonly boolean[];
  /** How config.json says it. */
  layerKeys: { decoder_sparse_step: number; mlp_only_layers: readonly number[] };
};

export type ExpertsReader = (
  json: JsonObject,
  sizes: { layers: number; intermediateSize: number },
) => ExpertsConfig | { refused: string[] };

/** Values of missing keys, those of the family's configuration class in transformers. */
type Missing = {
  count: number;
  perToken: number;
  /** Null where an expert is as wide as `intermediate_size` says. */
  innerSize: number | null;
  /** Null where no expert is shared. */
  sharedSize: number | null;
  /** Whether the key `norm_topk_prob` is read, and what it is where it is missing; 'always' where it is not read. */
  normed: boolean | 'always';
};

/** Keys that are read here. */
export const expertKeys = [
  ...['num_experts', 'num_local_experts', 'num_experts_per_tok'],
  ...['moe_intermediate_size', 'shared_expert_intermediate_size', 'norm_topk_prob'],
  ...['mlp_only_layers', 'decoder_sparse_step', 'router_jitter_noise'],
];

/** transformers 5 writes some of these models with `num_local_experts`, older versions with `num_experts`. */
export function expertsReader(missing: Missing): ExpertsReader {
  return (json, { layers, intermediateSize }) => {
    const refused: string[] = [];
    const refuse = (key: string) => refused.push(`${key} ${shownSetting(json[key])}`);
    const size = (key: string, value: unknown): number => {
      if (typeof value === 'number' && Number.isInteger(value) && value > 0) return value;
      refuse(key);
      return 1;
    };
    const countKey = json['num_experts'] == null ? 'num_local_experts' : 'num_experts';
    const count = size(countKey, json[countKey] ?? missing.count);
    const perToken = size('num_experts_per_tok', json['num_experts_per_tok'] ?? missing.perToken);
    if (perToken > count) refuse('num_experts_per_tok');
    const both = [json['num_experts'], json['num_local_experts']].filter((each) => each != null);
    if (new Set(both).size > 1) refuse('num_local_experts');
    const innerKey = 'moe_intermediate_size';
    const sharedKey = 'shared_expert_intermediate_size';
    const { norm_topk_prob: normed = missing.normed } = json;
    if (
      missing.normed === 'always' ? json['norm_topk_prob'] === false : typeof normed !== 'boolean'
    ) {
      refuse('norm_topk_prob');
    }
    // Noise on what the router reads, in training only.
    if ((json['router_jitter_noise'] ?? 0) !== 0) refuse('router_jitter_noise');
    const { mlp_only_layers: dense = [], decoder_sparse_step: step = 1 } = json;
    const without = Array.isArray(dense) ? dense.map(Number) : [NaN];
    if (without.some((layer) => !Number.isInteger(layer))) refuse('mlp_only_layers');
    const every = size('decoder_sparse_step', step);
    const config = {
      count,
      perToken,
      innerSize:
        missing.innerSize === null
          ? intermediateSize
          : size(innerKey, json[innerKey] ?? missing.innerSize),
      sharedSize:
        missing.sharedSize === null ? 0 : size(sharedKey, json[sharedKey] ?? missing.sharedSize),
      normed: missing.normed === 'always' || normed === true,
      layers: Array.from(
        { length: layers },
        (_, layer) => !without.includes(layer) && (layer + 1) % every === 0,
      ),
      layerKeys: { decoder_sparse_step: every, mlp_only_layers: without },
    };
    return refused.length > 0 ? { refused } : config;
  };
}

/** The keys that say so, for the families that read them. */
export function writtenExperts({
  count,
  perToken,
  innerSize,
  normed,
  layerKeys,
}: ExpertsConfig): JsonObject {
  return {
    ...layerKeys,
    moe_intermediate_size: innerSize,
    norm_topk_prob: normed,
    num_experts: count,
    num_experts_per_tok: perToken,
  };
}
