/** Qwen3: queries and keys normed head by head, heads of their own width, no biases. */
import { decoderFamily } from '../decoder/decoder.ts';
import { plainGguf } from '../decoder/gguf-traits.ts';
import { oneRotation } from '../rotations.ts';
import { noFurtherSettings, plainInGguf, plainLayers } from '../decoder/traits.ts';
import { upperLayers } from '../windows.ts';

export const qwen3 = decoderFamily({
  modelTypes: ['qwen3'],
  className: 'Qwen3ForCausalLM',
  defaults: {
    numKeyValueHeads: 32,
    headDim: 128,
    rmsNormEps: 1e-6,
    tieWordEmbeddings: false,
  },
  layers: { ...plainLayers, headNorms: 'each' },
  biased: [],
  windows: upperLayers,
  rotations: oneRotation({ theta: 10_000, partly: false }),
  further: noFurtherSettings,
  refusedFlags: ['attention_bias', 'mlp_bias'],
  written: ({ windows }) => ({
    attention_bias: false,
    use_sliding_window: false,
    ...windows.keys,
  }),
  gguf: { ...plainGguf, architecture: 'qwen3' },
  inGguf: plainInGguf('qwen3'),
});
