/** RoBERTa: BERT's layers, positions that begin after the padding's id, and a classifier of two layers without a pooler. */
import * as o from '../../graph/ops/index.ts';
import { denseShapes, encoderFamily } from '../encoder/encoder.ts';
import { bertKeys, bertLayer } from '../encoder/bert-layout.ts';

export const roberta = encoderFamily({
  modelTypes: ['roberta'],
  bare: 'roberta',
  className: 'RobertaForSequenceClassification',
  bareClassName: 'RobertaModel',
  keys: bertKeys,
  defaults: { layerNormEps: 1e-12, positions: 512, tokenTypes: 2, padTokenId: 1 },
  layersPath: 'encoder.layer',
  layer: bertLayer,
  firstPosition: ({ padTokenId }) => padTokenId + 1,
  pooler: null,
  head: {
    modules: ['classifier'],
    parts: (hidden, labels) => [
      ...denseShapes('classifier.dense', hidden, hidden),
      ...denseShapes('classifier.out_proj', hidden, labels),
    ],
    logits: (x, dense) => dense(o.tanh(dense(x, 'classifier.dense')), 'classifier.out_proj'),
  },
  otherHeads: /^(?:lm_head|(?:roberta\.)?pooler)\./,
  written: ({ tokenTypes, layerNormEps }) => ({
    type_vocab_size: tokenTypes,
    layer_norm_eps: layerNormEps,
  }),
});
