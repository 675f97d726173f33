/** The shapes of the random models that quantised bases are measured on, and what is asked of each. */
import type { LlamaShape } from './random-model.ts';

export type RandomShape = {
  name: string;
  config: LlamaShape;
  /** Bytes that a run with a base of 4 bits has to do with; null where none is asked. */
  limit: number | null;
  /**
   * What is asked where its forms are compared in turn, with a base of 4 bits and layer inputs kept: bytes at most, and seconds
   * to load and quantise. Null where they are not compared: a step of a larger model takes minutes.
   */
  comparison: { peakBytes: number; loadSeconds: number } | null;
};

export const randomShapes: readonly RandomShape[] = [
  {
    // TinyLlama
    name: '1.1B',
    config: {
      ...{ hidden_size: 2048, num_hidden_layers: 22, intermediate_size: 5632 },
      ...{ num_attention_heads: 32, num_key_value_heads: 4 },
      ...{ vocab_size: 32000, tie_word_embeddings: false },
    },
    limit: null,
    comparison: { peakBytes: 2.8e9, loadSeconds: 20 },
  },
  {
    // Llama 3.2
    name: '3B',
    config: {
      ...{ hidden_size: 3072, num_hidden_layers: 28, intermediate_size: 8192 },
      ...{ num_attention_heads: 24, num_key_value_heads: 8 },
      ...{ vocab_size: 128256, tie_word_embeddings: true },
    },
    limit: 8e9,
    comparison: null,
  },
  {
    // Llama 2
    name: '7B',
    config: {
      ...{ hidden_size: 4096, num_hidden_layers: 32, intermediate_size: 11008 },
      ...{ num_attention_heads: 32, num_key_value_heads: 32 },
      ...{ vocab_size: 32000, tie_word_embeddings: false },
    },
    limit: 12e9,
    comparison: null,
  },
];
