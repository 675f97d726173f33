/** Mistral 7B and Nemo: LLaMA's layers, with a window in the first versions. */
import { decoderFamily } from '../decoder/decoder.ts';
import { oneRotation } from '../rotations.ts';
import { noFurtherSettings, plainInGguf, plainLayers } from '../decoder/traits.ts';
import { everyLayer } from '../windows.ts';

export const mistral = decoderFamily({
  modelTypes: ['mistral'],
  className: 'MistralForCausalLM',
  defaults: {
    numKeyValueHeads: 8,
    headDim: 'hidden / heads',
    rmsNormEps: 1e-6,
    tieWordEmbeddings: false,
  },
  layers: plainLayers,
  biased: [],
  windows: everyLayer(4096),
  rotations: oneRotation({ theta: 10_000, partly: false }),
  further: noFurtherSettings,
  refusedFlags: ['attention_bias', 'mlp_bias'],
  written: ({ windows }) => ({
    ...windows.keys,
    sliding_window: windows.byLayer.find((width) => width !== null) ?? null,
  }),
  // Its files say `llama`, and nothing of a window.
  gguf: null,
  inGguf: plainInGguf('llama'),
});
