/** Gemma 2: four norms a layer, capped scores and logits, a window in every other layer. */
import { decoderFamily } from '../decoder/decoder.ts';
import {
  gemmaInGguf,
  gemmaKeys,
  gemmaNames,
  gemmaSettings,
  queryScalarFromGguf,
} from '../decoder/gemma-settings.ts';
import { plainGguf } from '../decoder/gguf-traits.ts';
import { oneRotation } from '../rotations.ts';
import { plainInGguf, plainLayers } from '../decoder/traits.ts';
import { everyOther } from '../windows.ts';

export const gemma2 = decoderFamily({
  modelTypes: ['gemma2'],
  className: 'Gemma2ForCausalLM',
  defaults: {
    numKeyValueHeads: 4,
    headDim: 256,
    rmsNormEps: 1e-6,
    tieWordEmbeddings: true,
  },
  layers: { ...plainLayers, blockNorms: true, plusOne: true, activation: 'gelu tanh' },
  biased: [],
  windows: everyOther(4096),
  rotations: oneRotation({ theta: 10_000, partly: false }),
  further: gemmaSettings({ attn_logit_softcapping: 50, final_logit_softcapping: 30 }),
  refusedFlags: ['attention_bias', 'mlp_bias', 'use_bidirectional_attention'],
  written: ({ queryScalar, scoreCap, logitCap, windows }) => ({
    ...windows.keys,
    sliding_window: windows.byLayer.find((width) => width !== null) ?? null,
    hidden_activation: 'gelu_pytorch_tanh',
    query_pre_attn_scalar: queryScalar,
    attn_logit_softcapping: scoreCap,
    final_logit_softcapping: logitCap,
  }),
  gguf: {
    ...plainGguf,
    architecture: 'gemma2',
    names: gemmaNames,
    reads: ['window'],
    config: (value, config) => ({ ...gemmaKeys(value), ...queryScalarFromGguf(46, config) }),
  },
  inGguf: { ...plainInGguf('gemma2'), keys: gemmaInGguf },
});
