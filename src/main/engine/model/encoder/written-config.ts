/** Writes an encoder's config.json for Hugging Face. */
import type { MergeDtype } from '../../../../shared/contract/merge-report.ts';
import { activationNames } from '../activations.ts';
import type { JsonObject } from '../family.ts';
import type { EncoderConfig, EncoderTraits } from './traits.ts';

export function writtenEncoderConfig(
  config: EncoderConfig,
  { modelTypes, keys, bareClassName, written }: EncoderTraits,
  dtype: MergeDtype,
): JsonObject {
  return {
    architectures: [bareClassName],
    model_type: modelTypes[0],
    vocab_size: config.vocabSize,
    [keys.hiddenSize]: config.hiddenSize,
    [keys.intermediateSize]: config.intermediateSize,
    [keys.layers]: config.numHiddenLayers,
    [keys.heads]: config.numAttentionHeads,
    [keys.activation]: activationNames[config.activation][0],
    max_position_embeddings: config.positionRows,
    initializer_range: config.deviation,
    pad_token_id: config.padTokenId,
    torch_dtype: dtype,
    ...written(config),
  };
}
