/** BERT, with the pooler that its classifier reads: MiniLM and most small encoders are of it. */
import * as o from '../../graph/ops/index.ts';
import { denseShapes, encoderFamily } from '../encoder/encoder.ts';
import { bertKeys, bertLayer } from '../encoder/bert-layout.ts';

const pooler = 'bert.pooler.dense';

export const bert = encoderFamily({
  modelTypes: ['bert'],
  bare: 'bert',
  className: 'BertForSequenceClassification',
  bareClassName: 'BertModel',
  keys: bertKeys,
  defaults: { layerNormEps: 1e-12, positions: 512, tokenTypes: 2, padTokenId: 0 },
  layersPath: 'encoder.layer',
  layer: bertLayer,
  firstPosition: () => 0,
  pooler,
  head: {
    modules: ['classifier'],
    parts: (hidden, labels) => denseShapes('classifier', hidden, labels),
    logits: (x, dense) => dense(o.tanh(dense(x, pooler)), 'classifier'),
  },
  otherHeads: /^cls\./,
  written: ({ tokenTypes, layerNormEps }) => ({
    type_vocab_size: tokenTypes,
    layer_norm_eps: layerNormEps,
  }),
});
