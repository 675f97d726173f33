/** config.json of a GPT, whatever its family calls the keys. */
import type { MergeDtype } from '../../../../shared/contract/merge-report.ts';
import { activationOf } from '../activations.ts';
import { dividedHeadDim, tokenIds } from '../config-fields.ts';
import { checkSettings } from '../config-keys.ts';
import type { JsonObject } from '../family.ts';
import { shownSetting } from '../shown-setting.ts';
import type { GptConfig, GptTraits } from './traits.ts';

/** Errors: checkpoint/bad-config, checkpoint/unsupported-settings. */
export function readGptConfig(
  json: JsonObject,
  path: string,
  { modelType, rules, read }: GptTraits,
): { config: GptConfig; activationName: string } {
  const fields = read(json, path);
  const { hiddenSize, heads, activation: activationName } = fields;
  const headDim = dividedHeadDim(hiddenSize, heads, path);
  const activation = activationOf(activationName);
  const rotation = fields.rotation(headDim);
  const isRefused = rotation !== null && 'refused' in rotation;
  const refused = [
    ...(activation === undefined ? [`the activation ${shownSetting(activationName)}`] : []),
    ...(isRefused ? rotation.refused : []),
  ];
  checkSettings(json, rules, refused, path);
  const config: GptConfig = {
    ...{ modelType, hiddenSize, headDim, vocabSize: fields.vocabSize },
    intermediateSize: fields.intermediateSize,
    numHiddenLayers: fields.layers,
    ...{ numAttentionHeads: heads, numKeyValueHeads: heads },
    maxPositionEmbeddings: fields.positions,
    tieWordEmbeddings: fields.tieWordEmbeddings,
    bosTokenId: tokenIds(fields.bos)[0] ?? null,
    eosTokenIds: tokenIds(fields.eos),
    layerNormEps: fields.layerNormEps,
    activation: activation ?? 'gelu',
    rotation: isRefused ? null : rotation,
    parallel: fields.parallel,
  };
  return { config, activationName };
}

/** Keys in the order of the alphabet. */
export function writtenGptConfig(
  config: GptConfig,
  { className }: GptTraits,
  own: JsonObject,
  dtype: MergeDtype,
): JsonObject {
  const { bosTokenId, eosTokenIds, vocabSize, tieWordEmbeddings, modelType } = config;
  const [first] = eosTokenIds;
  const all: JsonObject = {
    architectures: [className],
    bos_token_id: bosTokenId,
    eos_token_id: eosTokenIds.length > 1 ? eosTokenIds : (first ?? null),
    initializer_range: 0.02,
    model_type: modelType,
    tie_word_embeddings: tieWordEmbeddings,
    torch_dtype: dtype,
    use_cache: true,
    vocab_size: vocabSize,
    ...own,
  };
  return Object.fromEntries(Object.entries(all).sort(([a], [b]) => (a < b ? -1 : 1)));
}
