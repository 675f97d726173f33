/** GPT-NeoX, Pythia above all: both blocks read the same stream, a part of each head is turned, q, k and v lie head by head. */
import { z } from 'zod';
import { count, epsilon, fieldsOf, tokenIds, tokens } from '../config-fields.ts';
import { keyNotices, type KeyRules } from '../config-keys.ts';
import { oneRotation } from '../decoder/rotations.ts';
import type { Family, JsonObject } from '../family.ts';
import { ggufValues } from '../gguf-values.ts';
import { gpt } from '../gpt/gpt.ts';
import {
  activationOf,
  checkSettings,
  headDimOf,
  refusedActivation,
  writtenKeys,
} from '../gpt/gpt-config.ts';
import type { GptConfig, GptNames } from '../gpt/traits.ts';
import { gptSizes, gptTensorName } from '../gpt/gpt-gguf.ts';
import { groupByHead } from '../gpt/by-head.ts';

const names: GptNames = {
  layersPath: 'gpt_neox.layers',
  embedding: 'gpt_neox.embed_in.weight',
  positions: null,
  finalNorm: 'gpt_neox.final_layer_norm',
  output: 'embed_out.weight',
  attentionNorm: 'input_layernorm',
  feedForwardNorm: 'post_attention_layernorm',
  qkv: 'attention.query_key_value',
  out: 'attention.dense',
  up: 'mlp.dense_h_to_4h',
  down: 'mlp.dense_4h_to_h',
};

/** Missing keys are those of `GPTNeoXConfig` in transformers. */
const schema = z.object({
  vocab_size: count,
  hidden_size: count,
  intermediate_size: count,
  num_hidden_layers: count,
  num_attention_heads: count,
  max_position_embeddings: count,
  hidden_act: z.string().default('gelu'),
  layer_norm_eps: epsilon.default(1e-5),
  use_parallel_residual: z.boolean().default(true),
  rotary_pct: z.number().default(0.25),
  rotary_emb_base: z.number().default(10_000),
  tie_word_embeddings: z.boolean().default(false),
  bos_token_id: tokens.default(0),
  eos_token_id: tokens.default(2),
});

const rules: KeyRules = {
  read: Object.keys(schema.shape),
  refusedFlags: [],
  neutral: { attention_bias: [true] },
  activation: 'gelu',
};

const prefix = 'gpt_neox.';
const ballast = [
  [/\.attention\.(?:masked_)?bias$/, 'is the mask of what comes later'],
  [/\.rotary_emb\.inv_freq$/, 'follows from the base of the rotation'],
] as const;
const modelType = 'gpt_neox';
const className = 'GPTNeoXForCausalLM';
const rotation = oneRotation({ theta: 10_000, partly: true });

export const gptNeox: Family = {
  modelTypes: [modelType],
  parse(json, path) {
    const fields = fieldsOf(schema, json, path);
    const { hidden_size: hiddenSize, num_attention_heads: heads, hidden_act: name } = fields;
    const headDim = headDimOf(hiddenSize, heads, path);
    // The older names of the same two; what stands in `rope_parameters` wins.
    const { rotary_pct: partial_rotary_factor, rotary_emb_base: rope_theta } = fields;
    const plan = rotation({ partial_rotary_factor, rope_theta, ...json }, headDim);
    const refused = 'refused' in plan ? plan.refused : [];
    checkSettings(json, rules, [...refusedActivation('hidden_act', name), ...refused], path);
    const config: GptConfig = {
      ...{ modelType, hiddenSize, headDim, vocabSize: fields.vocab_size },
      intermediateSize: fields.intermediate_size,
      numHiddenLayers: fields.num_hidden_layers,
      ...{ numAttentionHeads: heads, numKeyValueHeads: heads },
      maxPositionEmbeddings: fields.max_position_embeddings,
      tieWordEmbeddings: fields.tie_word_embeddings,
      bosTokenId: tokenIds(fields.bos_token_id)[0] ?? null,
      eosTokenIds: tokenIds(fields.eos_token_id),
      layerNormEps: fields.layer_norm_eps,
      activation: activationOf(name) ?? 'gelu',
      queryScale: headDim ** -0.5,
      rotation: 'refused' in plan ? null : plan.whole,
      parallel: fields.use_parallel_residual,
    };
    const turned = config.rotation;
    const scaling = turned?.scaling;
    const own: JsonObject = {
      ...{ architectures: [className], hidden_act: name, attention_bias: true },
      ...{ attention_dropout: 0, hidden_dropout: 0 },
      ...{ hidden_size: hiddenSize, intermediate_size: fields.intermediate_size },
      ...{ num_hidden_layers: fields.num_hidden_layers, num_attention_heads: heads },
      max_position_embeddings: fields.max_position_embeddings,
      layer_norm_eps: fields.layer_norm_eps,
      use_parallel_residual: fields.use_parallel_residual,
      rotary_pct: (turned?.dimensions ?? 0) / headDim,
      rotary_emb_base: turned?.theta,
      ...(scaling ? { rope_scaling: json['rope_scaling'] ?? json['rope_parameters'] } : {}),
    };
    const traits = { className, names, prefix, ballast, transposed: false, byHead: true };
    const architecture = gpt(config, traits, (dtype) => writtenKeys(config, own, dtype));
    return { ...architecture, notices: keyNotices(json, rules) };
  },
  gguf: {
    architecture: 'gptneox',
    settingTensors: [],
    config(file) {
      const value = ggufValues(file.metadata, 'gptneox');
      const sizes = gptSizes(value, file);
      const headDim = Number(sizes['hidden_size']) / Number(sizes['num_attention_heads']);
      return {
        ...sizes,
        model_type: modelType,
        use_parallel_residual: value('use_parallel_residual'),
        rotary_pct: Number(value('rope.dimension_count') ?? headDim) / headDim,
        rotary_emb_base: value('rope.freq_base') ?? 10_000,
      };
    },
    tensorName: (name) => gptTensorName(name, names),
    // The converter has put all queries before all keys and values.
    restorer: (name, { config }) =>
      /\.query_key_value\.(weight|bias)$/.test(name)
        ? (values) => {
            groupByHead(values, config.numAttentionHeads);
          }
        : null,
  },
};
