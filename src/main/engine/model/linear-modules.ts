/** The linear layers of one transformer layer: what LoRA can be put on. */
import type { ModelConfig } from './config.ts';

/** A linear layer: its weight is [out, in] at `model.layers.N.<path>.weight`. */
export type LinearLayer = {
  name: 'q_proj' | 'k_proj' | 'v_proj' | 'o_proj' | 'gate_proj' | 'up_proj' | 'down_proj';
  path: string;
  in: number;
  out: number;
};

/** The seven linear layers of a LLaMA layer in the order of the forward pass. */
export function linearModules(config: ModelConfig): LinearLayer[] {
  const hidden = config.hiddenSize;
  const inner = config.intermediateSize;
  const query = config.numAttentionHeads * config.headDim;
  const keyValue = config.numKeyValueHeads * config.headDim;
  return [
    { name: 'q_proj', path: 'self_attn.q_proj', in: hidden, out: query },
    { name: 'k_proj', path: 'self_attn.k_proj', in: hidden, out: keyValue },
    { name: 'v_proj', path: 'self_attn.v_proj', in: hidden, out: keyValue },
    { name: 'o_proj', path: 'self_attn.o_proj', in: query, out: hidden },
    { name: 'gate_proj', path: 'mlp.gate_proj', in: hidden, out: inner },
    { name: 'up_proj', path: 'mlp.up_proj', in: hidden, out: inner },
    { name: 'down_proj', path: 'mlp.down_proj', in: inner, out: hidden },
  ];
}
