/** config.json of an encoder, read and validated. */
import { z } from 'zod';
import { activationOf } from '../activations.ts';
import { count, dividedHeadDim, epsilon, fieldsOf } from '../config-fields.ts';
import { checkSettings, keyNotices, type KeyRules } from '../config-keys.ts';
import type { JsonObject } from '../family.ts';
import { shownSetting } from '../shown-setting.ts';
import type { EncoderConfig, EncoderKeys, EncoderTraits } from './traits.ts';

const common = {
  vocab_size: count,
  max_position_embeddings: count.optional(),
  type_vocab_size: z.int().min(0).optional(),
  layer_norm_eps: epsilon.optional(),
  initializer_range: z.number().positive().optional(),
  pad_token_id: z.int().min(0).nullish(),
};

/** Passed over: an encoder has no output of its own to tie, and begins and ends texts as its tokenizer does. */
const unused = ['bos_token_id', 'eos_token_id', 'tie_word_embeddings'];

function rulesOf(keys: EncoderKeys): KeyRules {
  return {
    read: [...Object.keys(common), ...Object.values(keys), ...unused],
    refusedFlags: ['is_decoder'],
    neutral: { position_embedding_type: ['absolute'], is_causal: [false] },
  };
}

/**
 * What is missing has the value of the family's configuration class in transformers; with what a person should know of it.
 * Errors: checkpoint/bad-config, checkpoint/unsupported-settings.
 */
export function readEncoderConfig(
  json: JsonObject,
  path: string,
  { modelTypes, keys, defaults, firstPosition }: EncoderTraits,
): { config: EncoderConfig; notices: string[] } {
  const fields = fieldsOf(z.object(common), json, path);
  const sizes = sizesOf(json, keys, path);
  const activation = activationOf(sizes.activation);
  const refused =
    activation === undefined ? [`${keys.activation} ${shownSetting(sizes.activation)}`] : [];
  const rules = rulesOf(keys);
  checkSettings(json, rules, refused, path);
  const padTokenId = fields.pad_token_id ?? defaults.padTokenId;
  const positionRows = fields.max_position_embeddings ?? defaults.positions;
  const config: EncoderConfig = {
    modelType: modelTypes[0],
    vocabSize: fields.vocab_size,
    hiddenSize: sizes.hiddenSize,
    intermediateSize: sizes.intermediateSize,
    numHiddenLayers: sizes.layers,
    numAttentionHeads: sizes.heads,
    numKeyValueHeads: sizes.heads,
    headDim: dividedHeadDim(sizes.hiddenSize, sizes.heads, path),
    positionRows,
    maxPositionEmbeddings: positionRows - firstPosition({ padTokenId }),
    padTokenId,
    tokenTypes: fields.type_vocab_size ?? defaults.tokenTypes,
    layerNormEps: fields.layer_norm_eps ?? defaults.layerNormEps,
    deviation: fields.initializer_range ?? 0.02,
    activation: activation ?? 'gelu',
    tieWordEmbeddings: true,
    bosTokenId: null,
    eosTokenIds: [],
  };
  return { config, notices: keyNotices(json, rules) };
}

/** What each family has a key of its own for. */
function sizesOf(json: JsonObject, keys: EncoderKeys, path: string) {
  const one = <T>(key: string, schema: z.ZodType<T>): T => {
    const fields: Readonly<Record<string, T>> = fieldsOf(z.object({ [key]: schema }), json, path);
    return schema.parse(fields[key]);
  };
  return {
    hiddenSize: one(keys.hiddenSize, count),
    intermediateSize: one(keys.intermediateSize, count),
    layers: one(keys.layers, count.max(10_000)),
    heads: one(keys.heads, count),
    activation: one(keys.activation, z.string().default('gelu')),
  };
}
