/** LLaMA 1 to 3 and what has the same layers, such as SmolLM. GGUF files of Mistral say `llama`, too. */
import { decoderFamily } from '../decoder/decoder.ts';
import { noWindows } from '../decoder/windows.ts';

export const llama = decoderFamily({
  modelTypes: ['llama'],
  className: 'LlamaForCausalLM',
  defaults: {
    numKeyValueHeads: 'as heads',
    headDim: 'hidden / heads',
    rmsNormEps: 1e-6,
    ropeTheta: 10_000,
  },
  biased: [],
  headNorms: false,
  windows: noWindows,
  refusedFlags: ['attention_bias', 'mlp_bias', 'use_sliding_window'],
  written: () => ({ attention_bias: false, mlp_bias: false, pretraining_tp: 1 }),
  gguf: { architecture: 'llama', interleaved: true },
});
