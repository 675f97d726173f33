/** DistilBERT: BERT's layers under other names, without token types, and a classifier of two layers. */
import { activations } from '../activations.ts';
import { denseShapes, encoderFamily } from '../encoder/encoder.ts';

export const distilbert = encoderFamily({
  modelTypes: ['distilbert'],
  bare: 'distilbert',
  className: 'DistilBertForSequenceClassification',
  bareClassName: 'DistilBertModel',
  keys: {
    hiddenSize: 'dim',
    intermediateSize: 'hidden_dim',
    layers: 'n_layers',
    heads: 'n_heads',
    activation: 'activation',
  },
  defaults: { layerNormEps: 1e-12, positions: 512, tokenTypes: 0, padTokenId: 0 },
  layersPath: 'transformer.layer',
  layer: {
    query: 'attention.q_lin',
    key: 'attention.k_lin',
    value: 'attention.v_lin',
    attended: 'attention.out_lin',
    attendedNorm: 'sa_layer_norm',
    inner: 'ffn.lin1',
    outer: 'ffn.lin2',
    outerNorm: 'output_layer_norm',
  },
  firstPosition: () => 0,
  pooler: null,
  head: {
    modules: ['pre_classifier', 'classifier'],
    parts: (hidden, labels) => [
      ...denseShapes('pre_classifier', hidden, hidden),
      ...denseShapes('classifier', hidden, labels),
    ],
    logits: (x, dense) => dense(activations.relu(dense(x, 'pre_classifier')), 'classifier'),
  },
  otherHeads: /^vocab_(?:transform|layer_norm|projector)\./,
  written: () => ({}),
});
