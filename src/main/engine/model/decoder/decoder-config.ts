/** config.json of a decoder, read and validated. */
import { z } from 'zod';
import { lorikeetError } from '../../../../shared/errors/lorikeet-error.ts';
import type { JsonObject } from '../family.ts';
import { activationNames } from '../activations.ts';
import { count, epsilon, fieldsOf, tokenIds, tokens } from '../config-fields.ts';
import { activationKeys, refusedSettings, type KeyRules } from '../config-keys.ts';
import { expertKeys } from './experts-config.ts';
import type { DecoderConfig, DecoderTraits } from './traits.ts';

const optional = <T extends z.ZodType>(schema: T) => schema.nullish();

const schema = z.object({
  vocab_size: count,
  hidden_size: count,
  intermediate_size: count,
  num_hidden_layers: count.max(10_000),
  num_attention_heads: count,
  num_key_value_heads: optional(count),
  head_dim: optional(count),
  max_position_embeddings: count,
  rms_norm_eps: epsilon.optional(),
  tie_word_embeddings: z.boolean().optional(),
  bos_token_id: tokens,
  eos_token_id: tokens,
  pad_token_id: z.int().nullish(),
});

/** Which keys are read here, and which have to be what they are in all other models. */
export function keyRules({ further, experts, refusedFlags, layers }: DecoderTraits): KeyRules {
  const read = [...Object.keys(schema.shape), ...further.keys, ...(experts ? expertKeys : [])];
  const names = activationNames[layers.activation];
  const neutral = Object.fromEntries(activationKeys.map((key) => [key, names]));
  return { read, refusedFlags, neutral };
}

/**
 * What is missing has the value of the family's configuration class in transformers. Understands both the classic keys
 * `rope_theta`/`rope_scaling` and `rope_parameters` of transformers 5.
 * Errors: checkpoint/bad-config, checkpoint/unsupported-settings.
 */
export function readDecoderConfig(
  json: JsonObject,
  path: string,
  traits: DecoderTraits,
): DecoderConfig {
  const { modelTypes, defaults } = traits;
  const fields = fieldsOf(schema, json, path);
  const heads = fields.num_attention_heads;
  const divided = fields.hidden_size / heads;
  const headDim =
    fields.head_dim ?? (defaults.headDim === 'hidden / heads' ? divided : defaults.headDim);
  const numKeyValueHeads =
    fields.num_key_value_heads ?? keyHeadsOf(json, defaults.numKeyValueHeads, heads);
  const sizes = {
    ...{ hiddenSize: fields.hidden_size, headDim },
    ...{ numAttentionHeads: heads, numKeyValueHeads },
  };
  const problems = contradictions(sizes);
  if (json['head_dim'] === null && defaults.headDim !== 'hidden / heads') {
    problems.push('head_dim is null, which says nothing in this family');
  }
  if (problems.length > 0) throw lorikeetError('checkpoint/bad-config', { path, problems });
  const windows = traits.windows(json, fields.num_hidden_layers);
  const rotations = traits.rotations(json, headDim);
  const further = traits.further.read(json, sizes);
  const experts =
    traits.experts?.read(json, {
      layers: fields.num_hidden_layers,
      intermediateSize: fields.intermediate_size,
    }) ?? null;
  const settings = [
    ...refusedSettings(json, keyRules(traits)),
    ...('refused' in rotations ? rotations.refused : []),
    ...('refused' in further ? further.refused : []),
    ...('refused' in windows ? [windows.refused] : []),
    ...(experts && 'refused' in experts ? experts.refused : []),
  ];
  if (
    settings.length > 0 ||
    'refused' in windows ||
    'refused' in rotations ||
    'refused' in further ||
    (experts && 'refused' in experts)
  ) {
    throw lorikeetError('checkpoint/unsupported-settings', { path, settings });
  }
  return {
    ...sizes,
    ...further,
    modelType: modelTypes[0],
    vocabSize: fields.vocab_size,
    intermediateSize: fields.intermediate_size,
    numHiddenLayers: fields.num_hidden_layers,
    maxPositionEmbeddings: fields.max_position_embeddings,
    rotations,
    windows,
    experts,
    rmsNormEps: fields.rms_norm_eps ?? defaults.rmsNormEps,
    tieWordEmbeddings: fields.tie_word_embeddings ?? defaults.tieWordEmbeddings,
    bosTokenId: tokenIds(fields.bos_token_id)[0] ?? null,
    eosTokenIds: tokenIds(fields.eos_token_id),
    ...(fields.pad_token_id === undefined ? {} : { padTokenId: fields.pad_token_id }),
  };
}

/** An explicit null means as many as query heads; a missing key what the family says. */
function keyHeadsOf(
  json: JsonObject,
  missing: DecoderTraits['defaults']['numKeyValueHeads'],
  heads: number,
): number {
  return json['num_key_value_heads'] === null || missing === 'as heads' ? heads : missing;
}

type Sizes = Pick<
  DecoderConfig,
  'headDim' | 'hiddenSize' | 'numAttentionHeads' | 'numKeyValueHeads'
>;

/** Sizes that cannot be true together, in words; empty when the config is sound. */
function contradictions({
  headDim,
  hiddenSize,
  numAttentionHeads,
  numKeyValueHeads,
}: Sizes): string[] {
  const problems: string[] = [];
  if (!Number.isInteger(headDim)) {
    problems.push(`hidden_size ${hiddenSize} is not a multiple of ${numAttentionHeads} heads`);
  } else if (headDim % 2 !== 0) {
    problems.push(`the head size ${headDim} is odd, and rotary positions need pairs`);
  }
  if (numAttentionHeads % numKeyValueHeads !== 0) {
    problems.push(
      `${numAttentionHeads} heads cannot share ${numKeyValueHeads} key/value heads evenly`,
    );
  }
  return problems;
}
