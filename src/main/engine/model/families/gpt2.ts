/** GPT-2: learned positions, q, k and v in one matrix, weights that its files hold as [in, out]. */
import { z } from 'zod';
import { count, epsilon, fieldsOf, tokens } from '../config-fields.ts';
import type { KeyRules } from '../config-keys.ts';
import { gptFamily } from '../gpt/gpt.ts';
import { gptSizes } from '../gpt/gpt-gguf.ts';
import type { GptNames } from '../gpt/traits.ts';

const names: GptNames = {
  layersPath: 'transformer.h',
  embedding: 'transformer.wte.weight',
  positions: 'transformer.wpe.weight',
  finalNorm: 'transformer.ln_f',
  output: 'lm_head.weight',
  attentionNorm: 'ln_1',
  feedForwardNorm: 'ln_2',
  qkv: 'attn.c_attn',
  out: 'attn.c_proj',
  up: 'mlp.c_fc',
  down: 'mlp.c_proj',
};

/** Missing keys are those of `GPT2Config` in transformers. */
const schema = z.object({
  vocab_size: count,
  n_embd: count,
  n_layer: count,
  n_head: count,
  n_positions: count,
  n_inner: count.nullish(),
  activation_function: z.string().default('gelu_new'),
  layer_norm_epsilon: epsilon.default(1e-5),
  tie_word_embeddings: z.boolean().default(true),
  bos_token_id: tokens.default(50256),
  eos_token_id: tokens.default(50256),
});

const rules: KeyRules = {
  // `n_ctx` is what old files call `n_positions` a second time.
  read: [...Object.keys(schema.shape), 'n_ctx'],
  refusedFlags: ['scale_attn_by_inverse_layer_idx'],
  neutral: { scale_attn_weights: [true] },
};

export const gpt2 = gptFamily({
  modelType: 'gpt2',
  className: 'GPT2LMHeadModel',
  names,
  prefix: 'transformer.',
  ballast: [[/\.attn\.(?:masked_)?bias$/, 'is the mask of what comes later']],
  transposed: true,
  byHead: false,
  rules,
  read(json, path) {
    const fields = fieldsOf(schema, json, path);
    return {
      vocabSize: fields.vocab_size,
      hiddenSize: fields.n_embd,
      intermediateSize: fields.n_inner ?? 4 * fields.n_embd,
      layers: fields.n_layer,
      heads: fields.n_head,
      positions: fields.n_positions,
      activation: fields.activation_function,
      layerNormEps: fields.layer_norm_epsilon,
      tieWordEmbeddings: fields.tie_word_embeddings,
      ...{ bos: fields.bos_token_id, eos: fields.eos_token_id },
      parallel: false,
      rotation: () => null,
    };
  },
  written: (config, activation) => ({
    activation_function: activation,
    ...{ attn_pdrop: 0, embd_pdrop: 0, resid_pdrop: 0 },
    n_embd: config.hiddenSize,
    n_head: config.numAttentionHeads,
    n_inner: config.intermediateSize,
    n_layer: config.numHiddenLayers,
    n_positions: config.maxPositionEmbeddings,
    layer_norm_epsilon: config.layerNormEps,
  }),
  gguf: {
    architecture: 'gpt2',
    config(file) {
      const sizes = gptSizes(file);
      return {
        model_type: 'gpt2',
        vocab_size: sizes['vocab_size'],
        n_embd: sizes['hidden_size'],
        n_inner: sizes['intermediate_size'],
        n_layer: sizes['num_hidden_layers'],
        n_head: sizes['num_attention_heads'],
        n_positions: sizes['max_position_embeddings'],
        layer_norm_epsilon: sizes['layer_norm_eps'],
        tie_word_embeddings: sizes['tie_word_embeddings'],
        bos_token_id: sizes['bos_token_id'] ?? null,
        eos_token_id: sizes['eos_token_id'],
      };
    },
    // The converter has turned its matrices to [out, in], as they are held here.
    arrangement: () => null,
  },
  inGguf: () => ({}),
});
