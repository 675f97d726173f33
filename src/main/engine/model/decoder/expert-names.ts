/** What the matrices of experts are called in files: one by one, or those of all experts in one tensor. */
import type { Architecture } from '../architecture.ts';
import type { JsonObject } from '../family.ts';
import { uint32 } from '../gguf-form.ts';
import type { GgufValue } from '../gguf-values.ts';
import { plainGguf, type GgufTraits } from './gguf-traits.ts';
import { plainInGguf, type ExpertNames, type InGguf } from './traits.ts';

export const plainExperts: ExpertNames = {
  ...{ block: 'mlp', gate: 'gate_proj', up: 'up_proj', down: 'down_proj' },
};

export const mixtralExperts: ExpertNames = {
  ...{ block: 'block_sparse_moe', gate: 'w1', up: 'w3', down: 'w2' },
};

/**
 * Names in files that were written as transformers 5 holds the model: its block is `mlp` in all families, gate and up of all
 * experts are one tensor, and down another (conversion_mapping.py).
 */
export function expertTensors({
  block,
  gate,
  up,
  down,
}: ExpertNames): NonNullable<Architecture['inFiles']> {
  return (name) => {
    const [, layer, part = ''] = /^(model\.layers\.\d+\.)mlp\.(.+)$/.exec(name) ?? [];
    if (layer === undefined) return name;
    const expert = (index: number, matrix: string) =>
      `${layer}${block}.experts.${index}.${matrix}.weight`;
    if (part === 'experts.gate_up_proj') return (e) => [expert(e, gate), expert(e, up)];
    if (part === 'experts.down_proj') return (e) => [expert(e, down)];
    return part === 'gate.weight' ? `${layer}${block}.gate.weight` : name;
  };
}

/** GGUF's names inside a layer. Those of the experts stand for one matrix of each, one below the other. */
export function expertGgufNames({ block, gate, up, down }: ExpertNames): GgufTraits['names'] {
  const ofEach = (part: string) => (expert: number) => `${block}.experts.${expert}.${part}`;
  return {
    ffn_gate_inp: `${block}.gate`,
    ffn_gate_exps: ofEach(gate),
    ffn_up_exps: ofEach(up),
    ffn_down_exps: ofEach(down),
    ffn_gate_inp_shexp: `${block}.shared_expert_gate`,
    ffn_gate_shexp: `${block}.shared_expert.${gate}`,
    ffn_up_shexp: `${block}.shared_expert.${up}`,
    ffn_down_shexp: `${block}.shared_expert.${down}`,
  };
}

/** @param normed whether the weights of the chosen experts are normed in models of this architecture, where the file does not say it */
export function expertGguf(architecture: string, normed: boolean): GgufTraits {
  return {
    ...plainGguf,
    architecture,
    names: expertGgufNames(plainExperts),
    reads: ['experts'],
    config: (value, config) => expertSettings(value, config, normed),
  };
}

/** gguf-py's constants. */
function expertSettings(value: GgufValue, config: JsonObject, normed: boolean): JsonObject {
  const inner = value('expert_feed_forward_length');
  return {
    num_experts: value('expert_count'),
    num_experts_per_tok: value('expert_used_count'),
    moe_intermediate_size: inner,
    // Models without a layer of another kind have one size of both.
    intermediate_size: config['intermediate_size'] ?? inner,
    shared_expert_intermediate_size: value('expert_shared_feed_forward_length'),
    norm_topk_prob: value('expert_weights_norm') ?? normed,
    clip_qkv: value('attention.clamp_kqv'),
  };
}

/** The other way round. Whether the weights are normed is not in the file: programs know it by the architecture. */
export function expertsInGguf(architecture: string): InGguf {
  return {
    ...plainInGguf(architecture),
    keys: ({ experts }) => ({
      expert_feed_forward_length: experts ? uint32(experts.innerSize) : undefined,
      expert_shared_feed_forward_length:
        experts && experts.sharedSize > 0 ? uint32(experts.sharedSize) : undefined,
    }),
  };
}
