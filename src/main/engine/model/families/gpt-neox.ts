/** GPT-NeoX, Pythia above all: both blocks read the same stream, a part of each head is turned, q, k and v lie head by head. */
import { z } from 'zod';
import { byPart } from '../arrangement.ts';
import { count, epsilon, fieldsOf, tokens } from '../config-fields.ts';
import type { KeyRules } from '../config-keys.ts';
import { bool, float32, uint32 } from '../gguf-form.ts';
import { ggufRopeScaling } from '../gguf-rope.ts';
import { gptFamily } from '../gpt/gpt.ts';
import { gptSizes } from '../gpt/gpt-gguf.ts';
import type { GptNames } from '../gpt/traits.ts';
import { oneRotation } from '../rotations.ts';
import { writtenScaling } from '../written-scaling.ts';

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
};

const rotationOf = oneRotation({ theta: 10_000, partly: true });

export const gptNeox = gptFamily({
  modelType: 'gpt_neox',
  className: 'GPTNeoXForCausalLM',
  names,
  prefix: 'gpt_neox.',
  ballast: [
    [/\.attention\.(?:masked_)?bias$/, 'is the mask of what comes later'],
    [/\.rotary_emb\.inv_freq$/, 'follows from the base of the rotation'],
  ],
  transposed: false,
  byHead: true,
  rules,
  read(json, path) {
    const fields = fieldsOf(schema, json, path);
    return {
      vocabSize: fields.vocab_size,
      hiddenSize: fields.hidden_size,
      intermediateSize: fields.intermediate_size,
      layers: fields.num_hidden_layers,
      heads: fields.num_attention_heads,
      positions: fields.max_position_embeddings,
      activation: fields.hidden_act,
      layerNormEps: fields.layer_norm_eps,
      tieWordEmbeddings: fields.tie_word_embeddings,
      ...{ bos: fields.bos_token_id, eos: fields.eos_token_id },
      parallel: fields.use_parallel_residual,
      rotation(headDim) {
        // The older names of the same two; what stands in `rope_parameters` wins.
        const { rotary_pct: partial_rotary_factor, rotary_emb_base: rope_theta } = fields;
        const plan = rotationOf({ partial_rotary_factor, rope_theta, ...json }, headDim);
        return 'refused' in plan ? plan : plan.whole;
      },
    };
  },
  written: (config, activation) => ({
    hidden_act: activation,
    attention_bias: true,
    ...{ attention_dropout: 0, hidden_dropout: 0 },
    hidden_size: config.hiddenSize,
    intermediate_size: config.intermediateSize,
    num_hidden_layers: config.numHiddenLayers,
    num_attention_heads: config.numAttentionHeads,
    max_position_embeddings: config.maxPositionEmbeddings,
    layer_norm_eps: config.layerNormEps,
    use_parallel_residual: config.parallel,
    rope_scaling: writtenScaling(config.rotation?.scaling ?? null),
    rotary_pct: (config.rotation?.dimensions ?? 0) / config.headDim,
    rotary_emb_base: config.rotation?.theta,
  }),
  gguf: {
    architecture: 'gptneox',
    config(file) {
      const { value } = file;
      const sizes = gptSizes(file);
      const headDim = Number(sizes['hidden_size']) / Number(sizes['num_attention_heads']);
      const theta = value('rope.freq_base') ?? 10_000;
      return {
        ...sizes,
        model_type: 'gpt_neox',
        use_parallel_residual: value('use_parallel_residual'),
        rotary_pct: Number(value('rope.dimension_count') ?? headDim) / headDim,
        rotary_emb_base: theta,
        rope_scaling: ggufRopeScaling(value, null, Number(theta), headDim),
      };
    },
    // The converter has put all queries before all keys and values.
    arrangement: (name, { config }) =>
      /\.query_key_value\.(weight|bias)$/.test(name)
        ? byPart(3 * config.hiddenSize, config.numAttentionHeads)
        : null,
  },
  inGguf: ({ parallel, rotation, headDim }) => ({
    use_parallel_residual: bool(parallel),
    'rope.dimension_count': uint32(rotation?.dimensions ?? headDim),
    'rope.freq_base': rotation ? float32(rotation.theta) : undefined,
  }),
});
