/** Qwen1.5-MoE and Qwen2's mixture of experts: Qwen2's attention, experts, and one more that every token goes to. */
import { decoderFamily } from '../decoder/decoder.ts';
import { expertsReader, writtenExperts } from '../decoder/experts-config.ts';
import { expertGguf, expertsInGguf, plainExperts } from '../decoder/expert-names.ts';
import { oneRotation } from '../rotations.ts';
import { noFurtherSettings, plainLayers } from '../decoder/traits.ts';
import { askedFor } from '../windows.ts';

export const qwen2Moe = decoderFamily({
  modelTypes: ['qwen2_moe'],
  className: 'Qwen2MoeForCausalLM',
  defaults: {
    numKeyValueHeads: 16,
    headDim: 'hidden / heads',
    rmsNormEps: 1e-6,
    tieWordEmbeddings: false,
  },
  layers: plainLayers,
  biased: ['q_proj', 'k_proj', 'v_proj'],
  windows: askedFor((layer, first) => layer % 2 === 0 && layer < first),
  rotations: oneRotation({ theta: 10_000, partly: false }),
  further: noFurtherSettings,
  experts: {
    names: plainExperts,
    read: expertsReader({
      ...{ count: 60, perToken: 4, innerSize: 1408, sharedSize: 5632, normed: false },
    }),
  },
  refusedFlags: ['mlp_bias'],
  written: ({ windows, experts }) => ({
    use_sliding_window: false,
    ...windows.keys,
    ...(experts && writtenExperts(experts)),
    shared_expert_intermediate_size: experts?.sharedSize,
  }),
  gguf: expertGguf('qwen2moe', false),
  inGguf: expertsInGguf('qwen2moe'),
});
