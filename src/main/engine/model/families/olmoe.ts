/** OLMoE: experts, with queries and keys normed over all heads and, with values, cut to a range. */
import { z } from 'zod';
import { decoderFamily } from '../decoder/decoder.ts';
import { expertsReader } from '../decoder/experts-config.ts';
import { expertGguf, expertsInGguf, plainExperts } from '../decoder/expert-names.ts';
import { oneRotation } from '../rotations.ts';
import { noFurtherSettings, plainLayers, type FurtherSettings } from '../decoder/traits.ts';
import { shownSetting } from '../shown-setting.ts';
import { noWindows } from '../windows.ts';

const clip = z.number().positive().nullish();

const further: FurtherSettings = {
  keys: ['clip_qkv'],
  read(json, sizes) {
    const { success, data = null } = clip.safeParse(json['clip_qkv']);
    if (!success) return { refused: [`clip_qkv ${shownSetting(json['clip_qkv'])}`] };
    return { ...noFurtherSettings.read(json, sizes), clip: data };
  },
};

export const olmoe = decoderFamily({
  modelTypes: ['olmoe'],
  className: 'OlmoeForCausalLM',
  defaults: {
    numKeyValueHeads: 'as heads',
    headDim: 'hidden / heads',
    rmsNormEps: 1e-5,
    tieWordEmbeddings: false,
  },
  layers: { ...plainLayers, headNorms: 'together' },
  biased: [],
  windows: noWindows,
  rotations: oneRotation({ theta: 10_000, partly: false }),
  further,
  experts: {
    names: plainExperts,
    read: expertsReader({
      ...{ count: 64, perToken: 8, innerSize: null, sharedSize: null, normed: false },
    }),
  },
  refusedFlags: ['attention_bias', 'mlp_bias'],
  written: ({ clip: clipped, experts }) => ({
    attention_bias: false,
    clip_qkv: clipped,
    norm_topk_prob: experts?.normed,
    num_experts: experts?.count,
    num_experts_per_tok: experts?.perToken,
  }),
  gguf: expertGguf('olmoe', false),
  inGguf: expertsInGguf('olmoe'),
});
