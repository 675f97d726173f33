/** Qwen2 and Qwen2.5, the distilled DeepSeek-R1 among them: biases on q, k and v, a window in the upper layers of some. */
import { decoderFamily } from '../decoder/decoder.ts';
import { plainGguf } from '../decoder/gguf-traits.ts';
import { oneRotation } from '../rotations.ts';
import { noFurtherSettings, plainInGguf, plainLayers } from '../decoder/traits.ts';
import { upperLayers } from '../windows.ts';

export const qwen2 = decoderFamily({
  modelTypes: ['qwen2'],
  className: 'Qwen2ForCausalLM',
  defaults: {
    numKeyValueHeads: 32,
    headDim: 'hidden / heads',
    rmsNormEps: 1e-6,
    tieWordEmbeddings: false,
  },
  layers: plainLayers,
  biased: ['q_proj', 'k_proj', 'v_proj'],
  windows: upperLayers,
  rotations: oneRotation({ theta: 10_000, partly: false }),
  further: noFurtherSettings,
  refusedFlags: ['mlp_bias'],
  written: ({ windows }) => ({ use_sliding_window: false, ...windows.keys }),
  gguf: { ...plainGguf, architecture: 'qwen2' },
  inGguf: plainInGguf('qwen2'),
});
