/** Hugging Face's names and row order for the tensors of a LLaMA GGUF file. */
import type { ModelConfig } from '../model/config.ts';

const outside: ReadonlyMap<string, string> = new Map([
  ['token_embd.weight', 'model.embed_tokens.weight'],
  ['output_norm.weight', 'model.norm.weight'],
  ['output.weight', 'lm_head.weight'],
]);

const inLayer: ReadonlyMap<string, string> = new Map([
  ['attn_norm.weight', 'input_layernorm.weight'],
  ['attn_q.weight', 'self_attn.q_proj.weight'],
  ['attn_k.weight', 'self_attn.k_proj.weight'],
  ['attn_v.weight', 'self_attn.v_proj.weight'],
  ['attn_output.weight', 'self_attn.o_proj.weight'],
  ['ffn_norm.weight', 'post_attention_layernorm.weight'],
  ['ffn_gate.weight', 'mlp.gate_proj.weight'],
  ['ffn_up.weight', 'mlp.up_proj.weight'],
  ['ffn_down.weight', 'mlp.down_proj.weight'],
]);

/** The tensor that holds LLaMA 3's rope factors: part of the config, not a weight. */
export const ropeFactorsName = 'rope_freqs.weight';

/** 'blk.3.attn_q.weight' → 'model.layers.3.self_attn.q_proj.weight'; undefined for a name LLaMA does not have. */
export function huggingFaceName(name: string): string | undefined {
  const match = /^blk\.(0|[1-9]\d*)\.(.+)$/.exec(name);
  if (match === null) return outside.get(name);
  const local = inLayer.get(match[2] ?? '');
  return local === undefined ? undefined : `model.layers.${match[1] ?? ''}.${local}`;
}

/** How many heads the rows of this weight were interleaved for; 0 where llama.cpp left the rows alone. */
export function interleavedHeads(name: string, config: ModelConfig): number {
  if (name.endsWith('.self_attn.q_proj.weight')) return config.numAttentionHeads;
  if (name.endsWith('.self_attn.k_proj.weight')) return config.numKeyValueHeads;
  return 0;
}

/**
 * Undoes in place the row permutation that llama.cpp's converter applies to q and k: in each head it put row
 * h·d/2 + i of Hugging Face (h 0 or 1) at 2i + h. weight [heads·d, columns]
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
