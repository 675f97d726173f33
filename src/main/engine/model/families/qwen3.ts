/** Qwen3: queries and keys normed head by head, heads of their own width, no biases. */
import { decoderFamily } from '../decoder/decoder.ts';
import { upperLayers } from '../decoder/windows.ts';

export const qwen3 = decoderFamily({
  modelTypes: ['qwen3'],
  className: 'Qwen3ForCausalLM',
  defaults: {
    numKeyValueHeads: 32,
    headDim: 128,
    rmsNormEps: 1e-6,
    ropeTheta: 10_000,
  },
  biased: [],
  headNorms: true,
  windows: upperLayers,
  refusedFlags: ['attention_bias', 'mlp_bias'],
  written: ({ windows }) => ({
    attention_bias: false,
    use_sliding_window: false,
    ...windows.keys,
  }),
  gguf: { architecture: 'qwen3', interleaved: false },
});
