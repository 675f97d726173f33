/** Which experts a token goes to, the rows that each expert computes, and the way back to the tokens (Shazeer et al. 2017, arXiv:1701.06538). */
import { call, defineFunction } from '../graph/function.ts';
import { island, type Fusion } from '../graph/island.ts';
import { present, type Tensor } from '../graph/node.ts';
import * as o from '../graph/ops/index.ts';
import { sizeAt } from '../graph/shape.ts';
import type { Architecture, Experts, Routed, SortedRows } from './architecture.ts';
import { sumOf } from './float32.ts';

/** How layers can be compiled: experts compute runs of rows whose lengths XLA would have to know. */
export function layerFusion({ experts }: Pick<Architecture, 'experts'>, fusion: Fusion): Fusion {
  return experts && fusion === 'layers' ? 'islands' : fusion;
}

export type Routing = {
  /** [N, k] float32: how much each chosen expert counts. */
  weights: Tensor;
  /** [N, E] float32: 1 where a token goes to an expert. */
  chosen: Tensor;
  /** [N, E] float32 */
  probabilities: Tensor;
  rows: ExpertRows;
};

/** P = N·k rows, one for each token at each of its experts, sorted by expert. */
export type ExpertRows = SortedRows & {
  /** int32 [P]: which of the N·k choices, token by token, each row is, and which row each choice is. */
  order: Tensor;
  places: Tensor;
};

/**
 * The k greatest of softmax(logits), and where `normed` what each is of their sum. Terms [N, E] of the router's product.
 * No gradient flows through the choice.
 */
export function route(
  fusion: Fusion,
  terms: readonly Tensor[],
  { perToken, count }: Pick<Experts, 'perToken' | 'count'>,
  normed: boolean,
): Routing {
  const [given] = island(fusion, 'router', terms, (parts) => [o.softmax(sumOf(parts))]);
  const probabilities = present(given);
  const experts = o.topK(probabilities, perToken);
  const [weights, chosen] = island(fusion, 'chosen', [probabilities, experts], ([p, picked]) => {
    const [tokens = 0] = present(p).shape;
    const hits = o.oneHot(present(picked), count);
    const own = o.sum(o.mul(hits, o.reshape(present(p), [tokens, 1, count])), [-1]);
    const shares = normed ? o.div(own, o.sum(own, [-1], { keep: true })) : own;
    return [shares, o.sum(hits, [1])];
  });
  const rows = sortedByExpert(experts, present(chosen));
  return { weights: present(weights), chosen: present(chosen), probabilities, rows };
}

/** experts int32 [N, k], chosen [N, E] → the rows in the order of the experts, those of one expert in the order of the tokens. */
function sortedByExpert(experts: Tensor, chosen: Tensor): ExpertRows {
  const [tokens = 0, perToken = 0] = experts.shape;
  const choices = tokens * perToken;
  const order = o.argsort(o.reshape(experts, [choices]));
  const tokenOf = Array.from({ length: choices }, (_, i) => Math.floor(i / perToken));
  return {
    lengths: o.cast(o.sum(chosen, [0]), 'int32'),
    tokens: o.gather(o.ints(experts.node.scope, tokenOf), order),
    order,
    places: o.argsort(order),
  };
}

/** The rows that the experts read: x [N, D] → [P, D]. */
export function toExperts(x: Tensor, { order, places }: ExpertRows): Tensor {
  const [tokens = 0, width = 0] = x.shape;
  const rows = sizeAt(order.shape, 0);
  const perToken = rows / tokens;
  const repeated = o.broadcastTo(o.reshape(x, [tokens, 1, width]), [tokens, perToken, width]);
  return reordered(o.reshape(repeated, [rows, width]), order, places);
}

/** Σ weight · row of each token's rows: y [P, D] → [N, D] float32. */
export function fromExperts(
  fusion: Fusion,
  y: Tensor,
  weights: Tensor,
  { order, places }: ExpertRows,
): Tensor {
  const [tokens = 0, perToken = 0] = weights.shape;
  const byToken = o.reshape(reordered(y, places, order), [tokens, perToken, sizeAt(y.shape, 1)]);
  const [sum] = island(fusion, 'from_experts', [byToken, weights], ([rows, shares]) => {
    const share = o.reshape(present(shares), [tokens, perToken, 1]);
    return [o.sum(o.mul(o.cast(present(rows), 'float32'), share), [1])];
  });
  return present(sum);
}

/** What the counted tokens (float32 [N, k]) chose, summed. */
export function routedTokens({ probabilities, chosen }: Routing, counted: Tensor): Routed {
  const summed = (x: Tensor) => o.matmul(counted, x, { transposeA: true });
  return { probabilities: summed(probabilities), chosen: summed(chosen) };
}

/** Rows of x [P, D] at `order`; its gradient goes the way back, which is faster than adding up rows that stand alone. */
function reordered(x: Tensor, order: Tensor, back: Tensor): Tensor {
  const args = [x, order, back];
  const fn = defineFunction(
    'reordered',
    args,
    ([rows, at]) => [o.gather(present(rows), present(at))],
    {
      compiled: false,
      gradient: ([, , from], _, [dy]) => [o.gather(present(dy), present(from)), null, null],
    },
  );
  return present(call(fn, args)[0]);
}
