/** GPT-2: learned positions, q, k and v in one matrix, weights that its files hold as [in, out]. */
import { z } from 'zod';
import { count, epsilon, fieldsOf, tokenIds, tokens } from '../config-fields.ts';
import { keyNotices, type KeyRules } from '../config-keys.ts';
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
  activation: 'gelu tanh',
};

const prefix = 'transformer.';
const ballast = [[/\.attn\.(?:masked_)?bias$/, 'is the mask of what comes later']] as const;
const modelType = 'gpt2';
const className = 'GPT2LMHeadModel';

export const gpt2: Family = {
  modelTypes: [modelType],
  parse(json, path) {
    const fields = fieldsOf(schema, json, path);
    const { n_embd: hiddenSize, n_head: heads, activation_function: name } = fields;
    checkSettings(json, rules, refusedActivation('activation_function', name), path);
    const headDim = headDimOf(hiddenSize, heads, path);
    const config: GptConfig = {
      ...{ modelType, hiddenSize, headDim, vocabSize: fields.vocab_size },
      intermediateSize: fields.n_inner ?? 4 * hiddenSize,
      numHiddenLayers: fields.n_layer,
      ...{ numAttentionHeads: heads, numKeyValueHeads: heads },
      maxPositionEmbeddings: fields.n_positions,
      tieWordEmbeddings: fields.tie_word_embeddings,
      bosTokenId: tokenIds(fields.bos_token_id)[0] ?? null,
      eosTokenIds: tokenIds(fields.eos_token_id),
      layerNormEps: fields.layer_norm_epsilon,
      activation: activationOf(name) ?? 'gelu tanh',
      queryScale: headDim ** -0.5,
      ...{ rotation: null, parallel: false },
    };
    const own: JsonObject = {
      ...{ architectures: [className], activation_function: name },
      ...{ attn_pdrop: 0, embd_pdrop: 0, resid_pdrop: 0 },
      ...{ n_embd: hiddenSize, n_head: heads, n_layer: fields.n_layer },
      ...{ n_inner: fields.n_inner ?? null, n_positions: fields.n_positions },
      layer_norm_epsilon: fields.layer_norm_epsilon,
    };
    const traits = { className, names, prefix, ballast, transposed: true, byHead: false };
    const architecture = gpt(config, traits, (dtype) => writtenKeys(config, own, dtype));
    return { ...architecture, notices: keyNotices(json, rules) };
  },
  gguf: {
    architecture: 'gpt2',
    settingTensors: [],
    config(file) {
      const sizes = gptSizes(ggufValues(file.metadata, 'gpt2'), file);
      return {
        model_type: modelType,
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
    tensorName: (name) => gptTensorName(name, names),
    // The converter has turned its matrices to [out, in], as they are held here.
    restorer: () => null,
  },
};
