/** Writes a decoder's config.json for Hugging Face. */
import type { MergeDtype } from '../../../../shared/contract/merge-report.ts';
import { activationNames } from '../activations.ts';
import type { JsonObject } from '../family.ts';
import { writtenScaling } from '../written-scaling.ts';
import type { DecoderConfig, DecoderTraits } from './traits.ts';

/** The classic keys (`rope_theta`, `rope_scaling`, `torch_dtype`), which transformers 4 and 5 both read, in their order. */
export function writtenConfig(
  config: DecoderConfig,
  { modelTypes, className, layers, written }: DecoderTraits,
  dtype: MergeDtype,
): JsonObject {
  const [firstEos] = config.eosTokenIds;
  const keys: JsonObject = {
    architectures: [className],
    attention_dropout: 0,
    bos_token_id: config.bosTokenId,
    eos_token_id: config.eosTokenIds.length > 1 ? config.eosTokenIds : (firstEos ?? null),
    head_dim: config.headDim,
    hidden_act: activationNames[layers.activation][0],
    hidden_size: config.hiddenSize,
    initializer_range: 0.02,
    intermediate_size: config.intermediateSize,
    max_position_embeddings: config.maxPositionEmbeddings,
    model_type: modelTypes[0],
    num_attention_heads: config.numAttentionHeads,
    num_hidden_layers: config.numHiddenLayers,
    num_key_value_heads: config.numKeyValueHeads,
    // A family may have another where it is missing, and Phi-3's lies beyond a small vocabulary.
    ...(config.padTokenId === undefined ? {} : { pad_token_id: config.padTokenId }),
    rms_norm_eps: config.rmsNormEps,
    rope_scaling: writtenScaling(config.rotations.whole.scaling),
    rope_theta: config.rotations.whole.theta,
    tie_word_embeddings: config.tieWordEmbeddings,
    torch_dtype: dtype,
    use_cache: true,
    vocab_size: config.vocabSize,
    ...written(config),
  };
  return Object.fromEntries(Object.entries(keys).sort(([a], [b]) => (a < b ? -1 : 1)));
}
