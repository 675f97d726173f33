/** How decoders classify: one matrix, without bias, over the last token of the sequence. */
import * as o from '../graph/ops/index.ts';
import type { Architecture, SequenceHead } from './architecture.ts';

const score = 'score.weight';

export function scoreHead(
  className: string,
  hiddenSize: number,
  finish: Architecture['finish'],
): SequenceHead {
  return {
    className: className.replace(/(?:For\w+|LMHeadModel)$/, 'ForSequenceClassification'),
    reads: 'last',
    deviation: 0.02,
    parts: (labels) => [{ path: score, shape: [labels, hiddenSize] }],
    linears: [],
    logits: (at, x) =>
      o.matmul(o.cast(finish(at, x), 'float32'), at.part(score), { transposeB: true }),
  };
}
