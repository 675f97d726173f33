/** Nucleus sampling, also called top-p (Holtzman et al. 2020, arXiv:1904.09751): draws leave out the long tail of unlikely tokens. */
import type { Tensor } from '../graph/node.ts';
import * as o from '../graph/ops/index.ts';

/** Less than any logit, and finite: noise is added to it. */
const never = -1e30;

/**
 * The logits of the fewest likeliest tokens whose probabilities reach `topP`, and −10³⁰ for all others: [B, V]. The temperature
 * is applied before, as in transformers. Tokens as likely as the last of them stay, too.
 * @param logits float32 [B, V]
 * @param temperature float32 [], above 0
 * @param topP float32 [], above 0
 */
export function nucleus(logits: Tensor, temperature: Tensor, topP: Tensor): Tensor {
  const probabilities = o.softmax(o.div(logits, temperature));
  const ordered = o.descending(probabilities);
  const inside = o.less(o.sumBefore(ordered), topP);
  const { scope } = logits.node;
  // No probability is 2, so that the least one inside is the least of these.
  const orTwo = o.where(inside, ordered, o.floats(scope, [2], [1, 1]));
  const least = o.neg(o.max(o.neg(orTwo), [-1], { keep: true }));
  const isInside = o.greaterEqual(probabilities, least);
  return o.where(isInside, logits, o.floats(scope, [never], [1, 1]));
}
