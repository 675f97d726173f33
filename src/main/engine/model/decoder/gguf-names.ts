/** Hugging Face's names and row order for the tensors of a decoder's GGUF file. */
import type { ModelConfig, StackedNames } from '../architecture.ts';
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
  const local = names[own] ?? inLayer.get(own);
  const whole = (path: string) => `model.layers.${layer}.${path}.${part}`;
  if (typeof local === 'function') return (expert) => [whole(local(expert))];
  return local === undefined ? undefined : whole(local);
}

/** How many heads the rows of this tensor hold, if it is one whose rows llama.cpp permutes for some families; else 0. */
export function headsOfRows(
  name: string,
  { numAttentionHeads, numKeyValueHeads }: ModelConfig,
): number {
  if (/\.self_attn\.q_proj\.(weight|bias)$/.test(name)) return numAttentionHeads;
  if (/\.self_attn\.k_proj\.(weight|bias)$/.test(name)) return numKeyValueHeads;
  return 0;
}

/**
 * Undoes in place the row permutation that llama.cpp's converter applies to q and k: in each head it put row
 * h·d/2 + i of Hugging Face (h 0 or 1) at 2i + h. weight [heads·d, columns], a bias with one column
 * (convert_hf_to_gguf.py, LlamaModel.permute).
 */
export function undoInterleaving(weight: Float32Array, heads: number, columns: number): void {
  const rows = weight.length / columns / heads;
  const head = new Float32Array(rows * columns);
  for (let start = 0; start < weight.length; start += head.length) {
    head.set(weight.subarray(start, start + head.length));
    for (let row = 0; row < rows; row++) {
      const target = (row & 1) * (rows / 2) + (row >>> 1);
      weight.set(head.subarray(row * columns, (row + 1) * columns), start + target * columns);
    }
  }
}

/** Takes away in place the 1 that llama.cpp's converter adds to norms (convert_hf_to_gguf.py, Gemma2Model.modify_tensors). */
export function subtractOne(weight: Float32Array): void {
  for (let i = 0; i < weight.length; i++) weight[i] = (weight[i] ?? NaN) - 1;
}
