/** Keys and names that BERT and RoBERTa have in common. */
import type { EncoderKeys, LayerPaths } from './traits.ts';

export const bertKeys: EncoderKeys = {
  hiddenSize: 'hidden_size',
  intermediateSize: 'intermediate_size',
  layers: 'num_hidden_layers',
  heads: 'num_attention_heads',
  activation: 'hidden_act',
};

export const bertLayer: LayerPaths = {
  query: 'attention.self.query',
  key: 'attention.self.key',
  value: 'attention.self.value',
  attended: 'attention.output.dense',
  attendedNorm: 'attention.output.LayerNorm',
  inner: 'intermediate.dense',
  outer: 'output.dense',
  outerNorm: 'output.LayerNorm',
};
