/** What the GGUF files of GPT-2 and GPT-NeoX have in common. */
import type { GgufFamily, GgufSettings, JsonObject } from '../family.ts';
import { ggufTokens } from '../gguf-values.ts';
import { float32, ggufForm, uint32, type GgufForm } from '../gguf-form.ts';
import type { GptConfig, GptNames, GptTraits } from './traits.ts';

/** Hugging Face's name of a tensor; undefined for one that the family does not have. */
export function gptTensorName(name: string, names: GptNames): string | undefined {
  const { outside, inLayer } = tablesOf(names);
  const [, layer, own = '', part] = /^blk\.(0|[1-9]\d*)\.(.+)\.(weight|bias)$/.exec(name) ?? [];
  if (layer === undefined)
    return Object.hasOwn(outside, name) ? (outside[name] ?? undefined) : undefined;
  const local = Object.hasOwn(inLayer, own) ? inLayer[own] : undefined;
  return local === undefined ? undefined : `${names.layersPath}.${layer}.${local}.${part ?? ''}`;
}

/** See `GgufFamily.names`. */
export function gptGgufNames(names: GptNames): GgufFamily['names'] {
  const { outside, inLayer } = tablesOf(names);
  return { outside: Object.keys(outside), inLayer: Object.keys(inLayer) };
}

type Tables = {
  outside: Readonly<Record<string, string | null>>;
  inLayer: Readonly<Record<string, string>>;
};

function tablesOf(names: GptNames): Tables {
  return {
    outside: {
      'token_embd.weight': names.embedding,
      'position_embd.weight': names.positions,
      'output_norm.weight': `${names.finalNorm}.weight`,
      'output_norm.bias': `${names.finalNorm}.bias`,
      'output.weight': names.output,
    },
    inLayer: {
      attn_norm: names.attentionNorm,
      attn_qkv: names.qkv,
      attn_output: names.out,
      ffn_norm: names.feedForwardNorm,
      ffn_up: names.up,
      ffn_down: names.down,
    },
  };
}

/** Sizes by the names that GPT-NeoX has for them. */
export function gptSizes({ metadata, value, vocabSize, hasOutput }: GgufSettings): JsonObject {
  return {
    ...ggufTokens(metadata),
    vocab_size: vocabSize ?? value('vocab_size'),
    hidden_size: value('embedding_length'),
    intermediate_size: value('feed_forward_length'),
    num_hidden_layers: value('block_count'),
    num_attention_heads: value('attention.head_count'),
    max_position_embeddings: value('context_length'),
    layer_norm_eps: value('attention.layer_norm_epsilon'),
    tie_word_embeddings: !hasOutput,
  };
}

/** The same as a file has it. */
export function gptForm(config: GptConfig, { gguf, inGguf }: GptTraits): GgufForm {
  return ggufForm(gguf.architecture, {
    context_length: uint32(config.maxPositionEmbeddings),
    embedding_length: uint32(config.hiddenSize),
    block_count: uint32(config.numHiddenLayers),
    feed_forward_length: uint32(config.intermediateSize),
    'attention.head_count': uint32(config.numAttentionHeads),
    'attention.layer_norm_epsilon': float32(config.layerNormEps),
    vocab_size: uint32(config.vocabSize),
    ...inGguf(config),
  });
}
