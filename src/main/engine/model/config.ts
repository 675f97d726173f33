/** The shape and constants of a model, as its config.json gives them, validated. */
import { z } from 'zod';
import { lorikeetError } from '../../../shared/errors/lorikeet-error.ts';
import { ropeScalingOf, type RopeScaling } from './rope-scaling.ts';

/** config.json of a LLaMA-like model, validated. */
export type LlamaConfig = {
  modelType: 'llama';
  vocabSize: number;
  hiddenSize: number;
  intermediateSize: number;
  numHiddenLayers: number;
  numAttentionHeads: number;
  numKeyValueHeads: number;
  /** Width of one head; even. */
  headDim: number;
  maxPositionEmbeddings: number;
  ropeTheta: number;
  ropeScaling: RopeScaling | null;
  rmsNormEps: number;
  /** The output matrix is the embedding matrix. */
  tieWordEmbeddings: boolean;
  bosTokenId: number | null;
  /** Tokens that end an answer; empty when the config names none. */
  eosTokenIds: number[];
};

/** A union on `modelType` as architectures are added. */
export type ModelConfig = LlamaConfig;

/** Values of `model_type` that this program computes. A Mistral without sliding window is a LLaMA. */
export const knownArchitectures = ['llama', 'mistral'];

const count = z.int().min(1).max(0x7fffffff);
const optional = <T extends z.ZodType>(schema: T) => schema.nullish();

const schema = z.object({
  vocab_size: count,
  hidden_size: count,
  intermediate_size: count,
  num_hidden_layers: count.max(10_000),
  num_attention_heads: count,
  num_key_value_heads: optional(count),
  head_dim: optional(count),
  max_position_embeddings: count,
  rms_norm_eps: optional(z.number().positive()),
  tie_word_embeddings: optional(z.boolean()),
  bos_token_id: optional(z.union([z.int(), z.array(z.int())])),
  eos_token_id: optional(z.union([z.int(), z.array(z.int())])),
});

/**
 * Reads a Hugging Face config.json of `model_type` llama or mistral. Defaults are those of transformers'
 * `LlamaConfig`. Understands both the classic keys `rope_theta`/`rope_scaling` and `rope_parameters`
 * of transformers 5.
 * Errors: checkpoint/bad-config, checkpoint/unknown-architecture, checkpoint/unsupported-settings.
 */
export function parseModelConfig(json: unknown, path: string): ModelConfig {
  const raw = z.record(z.string(), z.unknown()).safeParse(json);
  if (!raw.success) {
    throw lorikeetError('checkpoint/bad-config', { path, problems: ['it is not a JSON object'] });
  }
  const architecture = architectureOf(raw.data);
  if (!knownArchitectures.includes(architecture)) {
    throw lorikeetError('checkpoint/unknown-architecture', {
      path,
      architecture,
      known: knownArchitectures,
    });
  }
  const parsed = schema.safeParse(raw.data);
  if (!parsed.success) {
    const problems = parsed.error.issues.map(
      (issue) => `${issue.path.join('.')}: ${issue.message}`,
    );
    throw lorikeetError('checkpoint/bad-config', { path, problems });
  }
  const fields = parsed.data;
  const rope = ropeScalingOf(raw.data);
  const unsupported = [...unsupportedSettings(raw.data), ...rope.unsupported];
  if (unsupported.length > 0) {
    throw lorikeetError('checkpoint/unsupported-settings', { path, settings: unsupported });
  }
  const config: LlamaConfig = {
    modelType: 'llama',
    vocabSize: fields.vocab_size,
    hiddenSize: fields.hidden_size,
    intermediateSize: fields.intermediate_size,
    numHiddenLayers: fields.num_hidden_layers,
    numAttentionHeads: fields.num_attention_heads,
    numKeyValueHeads: fields.num_key_value_heads ?? fields.num_attention_heads,
    headDim: fields.head_dim ?? fields.hidden_size / fields.num_attention_heads,
    maxPositionEmbeddings: fields.max_position_embeddings,
    ropeTheta: rope.theta,
    ropeScaling: rope.scaling,
    rmsNormEps: fields.rms_norm_eps ?? 1e-6,
    tieWordEmbeddings: fields.tie_word_embeddings ?? false,
    bosTokenId: tokenIds(fields.bos_token_id)[0] ?? null,
    eosTokenIds: tokenIds(fields.eos_token_id),
  };
  const problems = contradictions(config);
  if (problems.length > 0) throw lorikeetError('checkpoint/bad-config', { path, problems });
  return config;
}

/** Sizes that cannot be true together, in words; empty when the config is sound. */
export function contradictions(config: ModelConfig): string[] {
  const { headDim, hiddenSize, numAttentionHeads, numKeyValueHeads } = config;
  const problems: string[] = [];
  if (!Number.isInteger(headDim)) {
    problems.push(`hidden_size ${hiddenSize} is not a multiple of ${numAttentionHeads} heads`);
  } else if (headDim % 2 !== 0) {
    problems.push(`the head size ${headDim} is odd, and rotary positions need pairs`);
  }
  if (numAttentionHeads % numKeyValueHeads !== 0) {
    problems.push(
      `${numAttentionHeads} heads cannot share ${numKeyValueHeads} key/value heads evenly`,
    );
  }
  return problems;
}

function architectureOf(json: Record<string, unknown>): string {
  const { model_type: modelType, architectures } = json;
  if (typeof modelType === 'string') return modelType;
  const named: unknown = Array.isArray(architectures) ? architectures[0] : undefined;
  return typeof named === 'string' ? named : 'not named';
}

function tokenIds(value: number | number[] | null | undefined): number[] {
  if (value === null || value === undefined) return [];
  return (Array.isArray(value) ? value : [value]).filter((id) => id >= 0);
}

/** Settings that change what the model computes and that this program would not honour. */
function unsupportedSettings(json: Record<string, unknown>): string[] {
  const found: string[] = [];
  const activation = json['hidden_act'] ?? 'silu';
  if (activation !== 'silu' && activation !== 'swish') {
    found.push(`hidden_act ${JSON.stringify(activation)}`);
  }
  for (const key of ['attention_bias', 'mlp_bias', 'use_sliding_window']) {
    if (json[key] === true) found.push(`${key} true`);
  }
  const partial = json['partial_rotary_factor'] ?? 1;
  if (partial !== 1) found.push(`partial_rotary_factor ${JSON.stringify(partial)}`);
  const window = json['sliding_window'] ?? null;
  if (window !== null && json['use_sliding_window'] !== false) {
    found.push(`sliding_window ${JSON.stringify(window)}`);
  }
  const layerTypes: unknown = json['layer_types'];
  if (Array.isArray(layerTypes)) {
    const other: unknown = layerTypes.find((type: unknown) => type !== 'full_attention');
    if (other !== undefined) found.push(`layer_types with ${JSON.stringify(other)}`);
  }
  const quantization = json['quantization_config'] ?? null;
  if (quantization !== null) found.push('quantization_config (a quantised Hugging Face model)');
  return found;
}

export { linearModules, type LinearLayer } from './linear-modules.ts';
