/** A decoder's config as it stands in a GGUF file. */
import type { RopeScaling } from '../rope-scaling.ts';
import { float32, ggufForm, string, uint32, type FormKeys, type GgufForm } from '../gguf-form.ts';
import { llama3Factors, ropeFactorsName } from '../gguf-rope.ts';
import type { DecoderConfig, InGguf } from './traits.ts';

export function decoderForm(config: DecoderConfig, inGguf: InGguf): GgufForm {
  const { headDim, experts, rotations } = config;
  const { whole } = rotations;
  const keys: FormKeys = {
    context_length: uint32(config.maxPositionEmbeddings),
    embedding_length: uint32(config.hiddenSize),
    block_count: uint32(config.numHiddenLayers),
    feed_forward_length: uint32(config.intermediateSize),
    'attention.head_count': uint32(config.numAttentionHeads),
    'attention.head_count_kv': uint32(config.numKeyValueHeads),
    'attention.key_length': uint32(headDim),
    'attention.value_length': uint32(headDim),
    'attention.layer_norm_rms_epsilon': float32(config.rmsNormEps),
    'rope.dimension_count': uint32(whole.dimensions),
    'rope.freq_base': float32(whole.theta),
    vocab_size: uint32(config.vocabSize),
    expert_count: experts ? uint32(experts.count) : undefined,
    expert_used_count: experts ? uint32(experts.perToken) : undefined,
    ...scalingKeys(whole.scaling),
    ...inGguf.keys(config),
  };
  const settings = new Map(inGguf.settings(config));
  if (whole.scaling?.type === 'llama3') {
    settings.set(ropeFactorsName, llama3Factors(whole.scaling, whole.theta, headDim));
  }
  return ggufForm(inGguf.architecture, keys, settings, inGguf.notices?.(config));
}

/** Of the scalings with factors by frequency the file has these as tensors. */
function scalingKeys(scaling: RopeScaling | null): FormKeys {
  if (scaling?.type !== 'linear') return {};
  return { 'rope.scaling.type': string('linear'), 'rope.scaling.factor': float32(scaling.factor) };
}
