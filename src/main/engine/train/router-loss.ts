/**
 * The auxiliary loss that keeps the experts of a mixture evenly in use: E · Σ f_e · P_e (Fedus et al. 2022, arXiv:2101.03961,
 * eq. 4), with f_e how many tokens of all layers go to an expert and P_e the router's probability for it, both per
 * token: the f add up to the experts of a token, k, and so does the loss where the use is even. All layers together, as
 * transformers' `load_balancing_loss_func` has it; each adapter's tokens by themselves.
 */
import type { Tensor } from '../graph/node.ts';
import * as o from '../graph/ops/index.ts';
import { sizeAt } from '../graph/shape.ts';
import type { Experts, Routed } from '../model/architecture.ts';

/**
 * dL/d(summed probabilities) [k, E] of L = Σ weights · loss, the same for every layer. No gradient flows through the choice.
 * @param routed of every layer with experts, [k, E] each; one at least
 * @param weights [k]: how much the loss of each adapter counts
 */
export function routerLossGradient(
  routed: readonly Routed[],
  { count, perToken }: Experts,
  weights: Tensor,
): Tensor {
  const chosen = routed.map((each) => each.chosen).reduce((sum, each) => o.add(sum, each));
  const choices = o.sum(chosen, [1], { keep: true });
  // An adapter that rests has no tokens.
  const tokens = o.div(o.maximum(choices, perToken), perToken);
  const scale = o.div(count, o.mul(tokens, tokens));
  return o.mul(chosen, o.mul(scale, o.reshape(weights, [sizeAt(weights.shape, 0), 1])));
}

/** The loss over all tokens that two sums [layers · E] were made from, as a multiple of what it is with even use; null without. */
export function imbalanceOf(
  { probabilities, chosen }: { probabilities: Float64Array; chosen: Float64Array },
  experts: number,
): number | null {
  const sums = (values: Float64Array) => {
    const totals = new Float64Array(experts);
    values.forEach((value, i) => {
      totals[i % experts] = (totals[i % experts] ?? 0) + value;
    });
    const all = totals.reduce((sum, value) => sum + value, 0);
    return totals.map((value) => value / all);
  };
  const given = sums(probabilities);
  const imbalance = sums(chosen).reduce((sum, share, i) => sum + share * (given[i] ?? 0), 0);
  return imbalance > 0 ? experts * imbalance : null;
}
