/** LLaMA 1 to 3 and what has the same layers, such as SmolLM. GGUF files of Mistral and Mixtral say `llama`, too. */
import { decoderFamily } from '../decoder/decoder.ts';
import { expertGgufNames, mixtralExperts } from '../decoder/expert-names.ts';
import { plainGguf } from '../decoder/gguf-traits.ts';
import { oneRotation } from '../rotations.ts';
import { noFurtherSettings, plainInGguf, plainLayers } from '../decoder/traits.ts';
import { noWindows } from '../windows.ts';

export const llama = decoderFamily({
  modelTypes: ['llama'],
  className: 'LlamaForCausalLM',
  defaults: {
    numKeyValueHeads: 'as heads',
    headDim: 'hidden / heads',
    rmsNormEps: 1e-6,
    tieWordEmbeddings: false,
  },
  layers: plainLayers,
  biased: [],
  windows: noWindows,
  rotations: oneRotation({ theta: 10_000, partly: false }),
  further: noFurtherSettings,
  refusedFlags: ['attention_bias', 'mlp_bias', 'use_sliding_window'],
  written: () => ({ attention_bias: false, mlp_bias: false, pretraining_tp: 1 }),
  gguf: {
    ...plainGguf,
    architecture: 'llama',
    interleaved: true,
    names: expertGgufNames(mixtralExperts),
    reads: ['experts'],
    config: (value) =>
      (value('expert_count') ?? 0) === 0
        ? {}
        : {
            model_type: 'mixtral',
            num_local_experts: value('expert_count'),
            num_experts_per_tok: value('expert_used_count'),
          },
  },
  inGguf: plainInGguf('llama'),
});
