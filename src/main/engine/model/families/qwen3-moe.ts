/** Qwen3's mixtures of experts: Qwen3's attention, with experts. */
import { decoderFamily } from '../decoder/decoder.ts';
import { expertsReader, writtenExperts } from '../decoder/experts-config.ts';
import { expertGguf, expertsInGguf, plainExperts } from '../decoder/expert-names.ts';
import { oneRotation } from '../rotations.ts';
import { noFurtherSettings, plainLayers } from '../decoder/traits.ts';
import { askedFor, agreedLayerTypes } from '../windows.ts';

export const qwen3Moe = decoderFamily({
  modelTypes: ['qwen3_moe'],
  className: 'Qwen3MoeForCausalLM',
  defaults: {
    numKeyValueHeads: 4,
    headDim: 'hidden / heads',
    rmsNormEps: 1e-6,
    tieWordEmbeddings: false,
  },
  layers: { ...plainLayers, headNorms: 'each' },
  biased: [],
  windows: agreedLayerTypes(askedFor(() => true)),
  rotations: oneRotation({ theta: 10_000, partly: false }),
  further: noFurtherSettings,
  experts: {
    names: plainExperts,
    read: expertsReader({
      ...{ count: 128, perToken: 8, innerSize: 768, sharedSize: null, normed: false },
    }),
  },
  refusedFlags: ['attention_bias', 'mlp_bias'],
  written: ({ windows, experts }) => ({
    attention_bias: false,
    use_sliding_window: false,
    ...windows.keys,
    ...(experts && writtenExperts(experts)),
  }),
  gguf: expertGguf('qwen3moe', true),
  inGguf: expertsInGguf('qwen3moe'),
});
