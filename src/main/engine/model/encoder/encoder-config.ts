/** config.json of an encoder, read and validated. */
import { z } from 'zod';
import { lorikeetError } from '../../../../shared/errors/lorikeet-error.ts';
import { activationNames, type Activation } from '../activations.ts';
import type { JsonObject } from '../family.ts';
import { shownSetting } from '../shown-setting.ts';
import type { EncoderConfig, EncoderTraits } from './traits.ts';

const count = z.int().min(1).max(0x7fffffff);

/** Settings that compute something else, each with the values under which it does not. */
const neutralValues: Readonly<Record<string, readonly unknown[]>> = {
  position_embedding_type: ['absolute'],
  is_decoder: [false],
  add_cross_attention: [false],
  quantization_config: [],
};

/**
 * What is missing has the value of the family's configuration class in transformers.
 * Errors: checkpoint/bad-config, checkpoint/unsupported-settings.
 */
export function readEncoderConfig(
  json: JsonObject,
  path: string,
  { modelTypes, keys, defaults, firstPosition }: EncoderTraits,
): EncoderConfig {
  const schema = z.object({
    vocab_size: count,
    [keys.hiddenSize]: count,
    [keys.intermediateSize]: count,
    [keys.layers]: count.max(10_000),
    [keys.heads]: count,
    [keys.activation]: z.string().optional(),
    max_position_embeddings: count.optional(),
    type_vocab_size: z.int().min(0).optional(),
    layer_norm_eps: z.number().positive().optional(),
    initializer_range: z.number().positive().optional(),
    pad_token_id: z.int().min(0).nullish(),
  });
  const parsed = schema.safeParse(json);
  if (!parsed.success) {
    const problems = parsed.error.issues.map(
      (issue) => `${issue.path.join('.')}: ${issue.message}`,
    );
    throw lorikeetError('checkpoint/bad-config', { path, problems });
  }
  const read: Readonly<Record<string, unknown>> = parsed.data;
  const number = (key: string, missing = NaN) => {
    const value = read[key];
    return typeof value === 'number' ? value : missing;
  };
  const activation = activationOf(read[keys.activation] ?? 'gelu');
  const settings = Object.entries(neutralValues)
    .filter(([key, values]) => ![undefined, null, ...values].includes(json[key]))
    .map(([key]) => `${key} ${shownSetting(json[key])}`);
  if (activation === null) {
    settings.push(`${keys.activation} ${shownSetting(read[keys.activation])}`);
  }
  if (activation === null || settings.length > 0) {
    throw lorikeetError('checkpoint/unsupported-settings', { path, settings });
  }
  const hiddenSize = number(keys.hiddenSize);
  const heads = number(keys.heads);
  if (hiddenSize % heads !== 0) {
    const problems = [`${keys.hiddenSize} ${hiddenSize} is not a multiple of ${heads} heads`];
    throw lorikeetError('checkpoint/bad-config', { path, problems });
  }
  const padTokenId = number('pad_token_id', defaults.padTokenId);
  const positionRows = number('max_position_embeddings', defaults.positions);
  return {
    modelType: modelTypes[0],
    vocabSize: number('vocab_size'),
    hiddenSize,
    intermediateSize: number(keys.intermediateSize),
    numHiddenLayers: number(keys.layers),
    numAttentionHeads: heads,
    numKeyValueHeads: heads,
    headDim: hiddenSize / heads,
    positionRows,
    maxPositionEmbeddings: positionRows - firstPosition({ padTokenId }),
    padTokenId,
    tokenTypes: number('type_vocab_size', defaults.tokenTypes),
    layerNormEps: number('layer_norm_eps', defaults.layerNormEps),
    deviation: number('initializer_range', 0.02),
    activation,
    tieWordEmbeddings: true,
    bosTokenId: null,
    eosTokenIds: [],
  };
}

function activationOf(name: unknown): Activation | null {
  const known: readonly Activation[] = ['gelu', 'gelu tanh', 'relu', 'silu'];
  return known.find((each) => activationNames[each].some((other) => other === name)) ?? null;
}
