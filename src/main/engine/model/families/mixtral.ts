/** Mixtral: Mistral's attention, with experts whose weights always add up to 1. */
import { decoderFamily } from '../decoder/decoder.ts';
import { mixtralExperts } from '../decoder/expert-names.ts';
import { expertsReader } from '../decoder/experts-config.ts';
import { oneRotation } from '../rotations.ts';
import { noFurtherSettings, plainInGguf, plainLayers } from '../decoder/traits.ts';
import { everyLayer, agreedLayerTypes } from '../windows.ts';

export const mixtral = decoderFamily({
  modelTypes: ['mixtral'],
  className: 'MixtralForCausalLM',
  defaults: {
    numKeyValueHeads: 8,
    headDim: 'hidden / heads',
    rmsNormEps: 1e-5,
    tieWordEmbeddings: false,
  },
  layers: plainLayers,
  biased: [],
  windows: agreedLayerTypes(everyLayer(null)),
  rotations: oneRotation({ theta: 1e6, partly: false }),
  further: noFurtherSettings,
  experts: {
    names: mixtralExperts,
    read: expertsReader({
      ...{ count: 8, perToken: 2, innerSize: null, sharedSize: null, normed: 'always' },
    }),
  },
  refusedFlags: ['attention_bias', 'mlp_bias'],
  written: ({ windows, experts }) => ({
    ...windows.keys,
    num_experts_per_tok: experts?.perToken,
    num_local_experts: experts?.count,
    sliding_window: windows.byLayer.find((width) => width !== null) ?? null,
  }),
  // Its files say `llama`: see llama.ts.
  gguf: null,
  inGguf: plainInGguf('llama'),
});
