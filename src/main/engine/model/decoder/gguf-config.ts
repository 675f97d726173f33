/** A decoder's config out of a GGUF file's metadata, as the keys of a Hugging Face config.json. */
import { lorikeetError } from '../../../../shared/errors/lorikeet-error.ts';
import type { GgufSettings, JsonObject } from '../family.ts';
import { ggufTokens, ggufValues, plainNumber, type GgufValue } from '../gguf-values.ts';
import type { RopeScaling } from '../rope-scaling.ts';
import { writtenScaling } from '../written-scaling.ts';
import type { GgufTraits } from './gguf-traits.ts';

/** Holds LLaMA 3's rope scaling as factors. */
export const ropeFactorsName = 'rope_freqs.weight';

/**
 * Keys: gguf-py's constants.
 * @param modelType what the file's `general.architecture` stands for
 * Errors: checkpoint/unsupported-settings.
 */
export function decoderConfigFromGguf(
  file: GgufSettings,
  modelType: string,
  traits: Pick<GgufTraits, 'architecture' | 'reads' | 'config'>,
  path: string,
): JsonObject {
  const { metadata, vocabSize, hasOutput, read } = file;
  const value = ggufValues(metadata, traits.architecture);
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
    rope_scaling: ropeScaling(value, read(ropeFactorsName), Number(theta), Number(headDim)),
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

type Llama3 = Extract<RopeScaling, { type: 'llama3' }>;

/** What LLaMA 3.1 and later use; their GGUF files hold only the factors that follow from it. */
const llama3Constants: Omit<Llama3, 'factor'> = {
  type: 'llama3',
  lowFreqFactor: 1,
  highFreqFactor: 4,
  originalMaxPositionEmbeddings: 8192,
};

function ropeScaling(
  value: GgufValue,
  factors: Float32Array | null,
  theta: number,
  headDim: number,
): Record<string, unknown> | null {
  const type = value('rope.scaling.type') ?? 'none';
  const factor = value('rope.scaling.factor') ?? value('rope.scale_linear');
  if (factors !== null) {
    const factor = factors.reduce((most, each) => Math.max(most, each), 1);
    const scaling = { ...llama3Constants, factor };
    const expected = llama3Factors(scaling, theta, headDim);
    const known = factors.every((each, i) => {
      const wanted = expected[i] ?? NaN;
      return Math.abs(each - wanted) <= 1e-4 * wanted;
    });
    return known
      ? writtenScaling(scaling)
      : { rope_type: 'rope_freqs.weight with unknown factors' };
  }
  if (type === 'none' || (type === 'linear' && (factor === undefined || factor === 1))) {
    return typeof factor === 'number' && factor !== 1 ? { rope_type: 'linear', factor } : null;
  }
  return { rope_type: type, factor };
}

/** By how much LLaMA 3's scaling divides each frequency of a head, [headDim / 2]. */
export function llama3Factors(scaling: Llama3, theta: number, headDim: number): Float32Array {
  return Float32Array.from({ length: headDim / 2 }, (_, i) =>
    llama3Factor(scaling, theta ** ((2 * i) / headDim)),
  );
}

/**
 * By how much the frequency is divided whose inverse is `inverse`
 * (convert_hf_to_gguf.py, LlamaModel.generate_extra_tensors).
 */
function llama3Factor(
  { factor, lowFreqFactor: low, highFreqFactor: high, originalMaxPositionEmbeddings: old }: Llama3,
  inverse: number,
): number {
  const wavelength = 2 * Math.PI * inverse;
  if (wavelength < old / high) return 1;
  if (wavelength > old / low) return factor;
  const smooth = (old / wavelength - low) / (high - low);
  return 1 / ((1 - smooth) / factor + smooth);
}
