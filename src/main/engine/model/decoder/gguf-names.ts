/** Hugging Face's names and row order for the tensors of a decoder's GGUF file. */
import type { ModelConfig, StackedNames } from '../architecture.ts';
import { interleaved, type Arrangement } from '../arrangement.ts';
import type { GgufFamily } from '../family.ts';
import type { GgufTraits } from './gguf-traits.ts';

const outside: ReadonlyMap<string, string> = new Map([
  ['token_embd.weight', 'model.embed_tokens.weight'],
  ['output_norm.weight', 'model.norm.weight'],
  ['output.weight', 'lm_head.weight'],
]);

const inLayer: ReadonlyMap<string, string> = new Map([
  ['attn_norm', 'input_layernorm'],
  ['attn_q', 'self_attn.q_proj'],
  ['attn_k', 'self_attn.k_proj'],
  ['attn_v', 'self_attn.v_proj'],
  ['attn_q_norm', 'self_attn.q_norm'],
  ['attn_k_norm', 'self_attn.k_norm'],
  ['attn_output', 'self_attn.o_proj'],
  ['ffn_norm', 'post_attention_layernorm'],
  ['ffn_gate', 'mlp.gate_proj'],
  ['ffn_up', 'mlp.up_proj'],
  ['ffn_down', 'mlp.down_proj'],
]);

/**
 * Hugging Face's name: 'blk.3.attn_q.weight' → 'model.layers.3.self_attn.q_proj.weight'; undefined for one no decoder has.
 * @param names a family's names where they are others: see `GgufTraits.names`
 */
export function decoderTensorName(
  name: string,
  names: GgufTraits['names'],
): string | StackedNames | undefined {
  const match = /^blk\.(0|[1-9]\d*)\.(.+)\.(weight|bias)$/.exec(name);
  if (match === null) return outside.get(name);
  const [, layer = '', own = '', part = ''] = match;
  const local = Object.hasOwn(names, own) ? names[own] : inLayer.get(own);
  const whole = (path: string) => `model.layers.${layer}.${path}.${part}`;
  if (typeof local === 'function') return (expert) => [whole(local(expert))];
  return local === undefined ? undefined : whole(local);
}

/** What the names in a decoder's file can be; see `GgufFamily.names`. */
export function decoderNames(names: GgufTraits['names']): GgufFamily['names'] {
  return {
    outside: [...outside.keys()],
    inLayer: [...new Set([...inLayer.keys(), ...Object.keys(names)])],
  };
}

/** How llama.cpp's converter arranges q and k of the families whose rows it permutes; null for other tensors. */
export function interleavedHeads(
  name: string,
  { headDim, numAttentionHeads, numKeyValueHeads }: ModelConfig,
): Arrangement | null {
  const [, which] = /\.self_attn\.([qk])_proj\.(?:weight|bias)$/.exec(name) ?? [];
  if (which === undefined) return null;
  const heads = which === 'q' ? numAttentionHeads : numKeyValueHeads;
  return interleaved(heads * headDim, heads);
}
