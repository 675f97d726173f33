/** Losses of whole sequences, one number a place, as transformers' heads compute them. */
import type { Tensor } from '../graph/node.ts';
import * as o from '../graph/ops/index.ts';
import { sizeAt } from '../graph/shape.ts';
import type { Problem } from './label-kinds.ts';

/** logits [C, L]; labels [C] are classes, or targets [C, L] are what is wanted. */
export type SequenceAnswers = { logits: Tensor; labels: Tensor; targets: Tensor | null };

/** Float32 [C]. */
export function sequenceLosses(problem: Problem, answers: SequenceAnswers): Tensor {
  const { logits, labels, targets } = answers;
  if (targets === null) return crossEntropy(logits, labels);
  return problem === 'regression'
    ? squaredError(logits, targets)
    : binaryCrossEntropy(logits, targets);
}

/** logsumexp(z) − z[label]. */
function crossEntropy(logits: Tensor, labels: Tensor): Tensor {
  const shifted = o.sub(logits, o.stopGradient(o.max(logits, [-1], { keep: true })));
  const wanted = o.mul(o.oneHot(labels, sizeAt(logits.shape, 1)), shifted);
  return o.sub(o.log(o.sum(o.exp(shifted), [-1])), o.sum(wanted, [-1]));
}

/** The mean over the classes of max(z, 0) − z·t + log(1 + e^−|z|), which is −t·log σ(z) − (1 − t)·log(1 − σ(z)). */
function binaryCrossEntropy(logits: Tensor, targets: Tensor): Tensor {
  const size = o.maximum(logits, o.neg(logits));
  const soft = o.log(o.add(o.exp(o.neg(size)), 1));
  return o.mean(o.add(o.sub(o.maximum(logits, 0), o.mul(logits, targets)), soft), [-1]);
}

function squaredError(logits: Tensor, targets: Tensor): Tensor {
  const error = o.sub(logits, targets);
  return o.mean(o.mul(error, error), [-1]);
}
