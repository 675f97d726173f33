/** A decoder's config out of a GGUF file's metadata, as the keys of a Hugging Face config.json. */
import { lorikeetError } from '../../../../shared/errors/lorikeet-error.ts';
import type { GgufSettings, JsonObject } from '../family.ts';
import { ggufTokens, plainNumber, type GgufValue } from '../gguf-values.ts';
import { ggufRopeScaling, ropeFactorsName } from '../gguf-rope.ts';
import type { GgufTraits } from './gguf-traits.ts';

/**
 * Keys: gguf-py's constants.
 * @param modelType what the file's `general.architecture` stands for
 * Errors: checkpoint/unsupported-settings.
 */
export function decoderConfigFromGguf(
  file: GgufSettings,
  modelType: string,
  traits: Pick<GgufTraits, 'reads' | 'config'>,
  path: string,
): JsonObject {
  const { metadata, value, vocabSize, hasOutput, read } = file;
  const heads = value('attention.head_count');
  const hidden = value('embedding_length');
  const theta = value('rope.freq_base') ?? 10_000;
  const keyLength = value('attention.key_length');
  const divided =
    typeof hidden === 'number' && typeof heads === 'number' ? hidden / heads : undefined;
  const headDim = keyLength ?? divided;
  refuseUnsupported(metadata, value, headDim, traits.reads, path);
  const config: JsonObject = {
    model_type: modelType,
    vocab_size: vocabSize ?? value('vocab_size'),
    hidden_size: hidden,
    intermediate_size: value('feed_forward_length'),
    num_hidden_layers: value('block_count'),
    num_attention_heads: heads,
    num_key_value_heads: value('attention.head_count_kv') ?? heads,
    head_dim: headDim,
    max_position_embeddings: value('context_length'),
    rms_norm_eps: value('attention.layer_norm_rms_epsilon'),
    rope_theta: theta,
    rope_scaling: ggufRopeScaling(value, read(ropeFactorsName), Number(theta), Number(headDim)),
    tie_word_embeddings: !hasOutput,
    ...ggufTokens(metadata),
  };
  return { ...config, ...traits.config(value, config, file) };
}

function refuseUnsupported(
  metadata: JsonObject,
  value: GgufValue,
  headDim: unknown,
  reads: GgufTraits['reads'],
  path: string,
): void {
  const settings: string[] = [];
  const experts = value('expert_count') ?? 0;
  if (experts !== 0 && !reads.includes('experts'))
    settings.push(`a mixture of ${JSON.stringify(experts)} experts`);
  const window = value('attention.sliding_window') ?? 0;
  if (window !== 0 && !reads.includes('window')) {
    settings.push(`a sliding attention window of ${JSON.stringify(window)}`);
  }
  const rotated = value('rope.dimension_count') ?? headDim;
  if (rotated !== headDim && !reads.includes('share')) {
    settings.push(
      `rotary positions on ${JSON.stringify(rotated)} of ${JSON.stringify(headDim)} dimensions`,
    );
  }
  const values = value('attention.value_length') ?? headDim;
  if (values !== headDim) {
    settings.push(`values of ${JSON.stringify(values)} beside keys of ${JSON.stringify(headDim)}`);
  }
  const parts = plainNumber(metadata['split.count']) ?? 0;
  if (typeof parts === 'number' && parts > 1) {
    settings.push(`a model in ${parts} files (join them with llama-gguf-split --merge)`);
  }
  if (settings.length > 0)
    throw lorikeetError('checkpoint/unsupported-settings', { path, settings });
}
