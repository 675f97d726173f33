/** config.json of Hugging Face for a model that is written. */
import type { MergeDtype } from '../../../shared/contract/records.ts';
import type { ModelConfig } from '../model/config.ts';

/** Numbers that transformers wants to see as floats: its older versions warn of a factor of 8 and not of 8.0. */
const floats = /^( *"(?:attention_dropout|rope_theta|\w*factor)": -?\d+)(,?)$/gm;

/** The text of config.json. */
export function huggingFaceConfigText(config: ModelConfig, dtype: MergeDtype): string {
  return `${JSON.stringify(huggingFaceConfig(config, dtype), null, 2)}\n`.replace(floats, '$1.0$2');
}

/**
 * The classic keys (`rope_theta`, `rope_scaling`, `torch_dtype`), which transformers 4 and 5 both read.
 * A Mistral without sliding window is written as what it is computed as: LLaMA.
 */
function huggingFaceConfig(config: ModelConfig, dtype: MergeDtype): Record<string, unknown> {
  const [firstEos] = config.eosTokenIds;
  return {
    architectures: ['LlamaForCausalLM'],
    attention_bias: false,
    attention_dropout: 0,
    bos_token_id: config.bosTokenId,
    eos_token_id: config.eosTokenIds.length > 1 ? config.eosTokenIds : (firstEos ?? null),
    head_dim: config.headDim,
    hidden_act: 'silu',
    hidden_size: config.hiddenSize,
    initializer_range: 0.02,
    intermediate_size: config.intermediateSize,
    max_position_embeddings: config.maxPositionEmbeddings,
    mlp_bias: false,
    model_type: 'llama',
    num_attention_heads: config.numAttentionHeads,
    num_hidden_layers: config.numHiddenLayers,
    num_key_value_heads: config.numKeyValueHeads,
    pretraining_tp: 1,
    rms_norm_eps: config.rmsNormEps,
    rope_scaling: ropeScaling(config),
    rope_theta: config.ropeTheta,
    tie_word_embeddings: config.tieWordEmbeddings,
    torch_dtype: dtype,
    use_cache: true,
    vocab_size: config.vocabSize,
  };
}

function ropeScaling({ ropeScaling: scaling }: ModelConfig): Record<string, unknown> | null {
  if (scaling === null) return null;
  if (scaling.type === 'linear') return { rope_type: 'linear', factor: scaling.factor };
  return {
    rope_type: 'llama3',
    factor: scaling.factor,
    low_freq_factor: scaling.lowFreqFactor,
    high_freq_factor: scaling.highFreqFactor,
    original_max_position_embeddings: scaling.originalMaxPositionEmbeddings,
  };
}
