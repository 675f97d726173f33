/** Qwen2 and Qwen2.5, the distilled DeepSeek-R1 among them: biases on q, k and v, a window in the upper layers of some. */
import { decoderFamily } from '../decoder/decoder.ts';
import { upperLayers } from '../decoder/windows.ts';

export const qwen2 = decoderFamily({
  modelTypes: ['qwen2'],
  className: 'Qwen2ForCausalLM',
  defaults: {
    numKeyValueHeads: 32,
    headDim: 'hidden / heads',
    rmsNormEps: 1e-6,
    ropeTheta: 10_000,
  },
  biased: ['q_proj', 'k_proj', 'v_proj'],
  headNorms: false,
  windows: upperLayers,
  refusedFlags: ['mlp_bias'],
  written: ({ windows }) => ({ use_sliding_window: false, ...windows.keys }),
  gguf: { architecture: 'qwen2', interleaved: false },
});
