/** Gemma 3, text only: Gemma 2 with queries and keys normed instead of capped, and five windowed layers to each that sees all. */
import { decoderFamily } from '../decoder/decoder.ts';
import {
  gemmaInGguf,
  gemmaKeys,
  gemmaNames,
  gemmaSettings,
  queryScalarFromGguf,
} from '../decoder/gemma-settings.ts';
import { plainGguf } from '../decoder/gguf-traits.ts';
import { twoRotationKeys, twoRotations } from '../rotations.ts';
import { plainInGguf, plainLayers, type FurtherSettings } from '../decoder/traits.ts';
import { float32 } from '../gguf-form.ts';
import { allButOneOf, patternKeys } from '../windows.ts';

const settings = gemmaSettings({ attn_logit_softcapping: null, final_logit_softcapping: null });
/** A cap on scores may stand in the file, but is not applied (transformers `Gemma3Attention`). */
const further: FurtherSettings = {
  keys: [...settings.keys, ...twoRotationKeys, ...patternKeys],
  read(json, sizes) {
    const numbers = settings.read(json, sizes);
    return 'refused' in numbers ? numbers : { ...numbers, scoreCap: null };
  },
};

export const gemma3 = decoderFamily({
  modelTypes: ['gemma3_text'],
  className: 'Gemma3ForCausalLM',
  defaults: {
    numKeyValueHeads: 4,
    headDim: 256,
    rmsNormEps: 1e-6,
    tieWordEmbeddings: true,
  },
  layers: {
    ...plainLayers,
    ...{ headNorms: 'each', blockNorms: true, plusOne: true, activation: 'gelu tanh' },
  },
  biased: [],
  windows: allButOneOf(6, 4096),
  rotations: twoRotations({ whole: 1_000_000, windowed: 10_000 }),
  further,
  refusedFlags: ['attention_bias', 'mlp_bias', 'use_bidirectional_attention'],
  written: ({ queryScalar, logitCap, rotations, windows }) => ({
    layer_types: windows.byLayer.map((width) =>
      width === null ? 'full_attention' : 'sliding_attention',
    ),
    sliding_window: windows.byLayer.find((width) => width !== null) ?? null,
    hidden_activation: 'gelu_pytorch_tanh',
    query_pre_attn_scalar: queryScalar,
    final_logit_softcapping: logitCap,
    rope_local_base_freq: rotations.windowed.theta,
  }),
  gguf: {
    ...plainGguf,
    architecture: 'gemma3',
    names: gemmaNames,
    reads: ['window'],
    config: (value, config) => ({
      ...gemmaKeys(value),
      ...queryScalarFromGguf(62, config),
      rope_theta: value('rope.freq_base') ?? 1_000_000,
      rope_local_base_freq: value('rope.freq_base_swa') ?? 10_000,
    }),
  },
  inGguf: {
    ...plainInGguf('gemma3'),
    keys: (config) => ({
      ...gemmaInGguf(config),
      'rope.freq_base_swa': float32(config.rotations.windowed.theta),
    }),
  },
});
