/** Cross-entropy over the vocabulary, in chunks of positions, so that the logits of a whole batch never exist. */
import { call, defineFunction, type GraphFunction } from '../graph/function.ts';
import { island, type Fusion } from '../graph/island.ts';
import { present, type Node, type Tensor } from '../graph/node.ts';
import * as o from '../graph/ops/index.ts';
import { sizeAt } from '../graph/shape.ts';
import type { BaseMatrix } from '../model/base-matrix.ts';
import { softCap, softCapGradient } from '../model/soft-cap.ts';

export type LossInputs = {
  /** [C, D] final hidden states, normed. */
  hidden: Tensor;
  /** [V, D] */
  output: BaseMatrix;
  /** [C] int32 token to predict. */
  labels: Tensor;
  /** [C] dL/d(loss of a position): 1 / (learnt tokens of the step), 0 where a position is only padding. */
  weights: Tensor;
  /** As `Architecture.logitCap`. */
  cap: number | null;
};

/** Positions in one chunk: logits of [256, 49152] are 50 MB. */
const chunkSize = 256;

/** The capacity for `positions` learnt positions: rounded up so that all chunks are equal. */
export function lossCapacity(positions: number): number {
  const wanted = Math.max(positions, 1);
  const chunks = Math.ceil(wanted / chunkSize);
  const size = Math.ceil(wanted / chunks / 8) * 8;
  return chunks * size;
}

/**
 * −log p(label) of every position [C] (float32), and dL/d(hidden) [C, D] of Σ weights · losses when `gradient` is set.
 * C comes from `lossCapacity`.
 */
export function nextTokenLoss(
  fusion: Fusion,
  inputs: LossInputs,
  gradient: boolean,
): { losses: Tensor; dHidden: Tensor | null } {
  const capacity = sizeAt(inputs.hidden.shape, 0);
  const chunks = Math.ceil(capacity / chunkSize);
  const size = capacity / chunks;
  const cut = (x: Tensor) =>
    o.split(
      x,
      Array.from({ length: chunks }, () => size),
      0,
    );
  const hidden = cut(inputs.hidden);
  const labels = cut(inputs.labels);
  const weights = cut(inputs.weights);
  const { output, cap } = inputs;
  const args = hidden.map((_, i) =>
    [hidden[i], labels[i], weights[i], ...output.tensors].map(present),
  );
  const fn = lossChunk(fusion, { matrix: output, cap }, args[0] ?? [], gradient);
  // One after another: two chunks at once would hold two chunks' logits.
  let before: Node[] = [];
  const results = args.map((each) => {
    const outputs = call(fn, each, before);
    before = [present(outputs[0]).node];
    return outputs;
  });
  const joined = (index: number) =>
    o.concat(
      results.map((outputs) => present(outputs[index])),
      0,
    );
  return {
    losses: joined(0),
    dHidden: gradient ? joined(1) : null,
  };
}

function lossChunk(
  fusion: Fusion,
  { matrix, cap }: { matrix: BaseMatrix; cap: number | null },
  args: readonly Tensor[],
  gradient: boolean,
): GraphFunction {
  return defineFunction(
    'loss_chunk',
    args,
    ([h, l, w, ...tensors]) => {
      const output = matrix.withTensors(tensors);
      const logits = output.product(present(h));
      const [losses, dLogits] = island(
        fusion,
        'cross_entropy',
        [logits, present(l), present(w)],
        ([x, y, z]) => crossEntropy(present(x), [present(y), present(z)], cap, gradient),
      );
      if (!dLogits) return [present(losses)];
      return [present(losses), output.productGradient(dLogits)];
    },
    { compiled: fusion === 'layers' },
  );
}

/** losses = logsumexp(x) − x[label]; dx = weight · (softmax(x) − onehot(label)), with x the capped logits [c, V]. */
function crossEntropy(
  logits: Tensor,
  [labels, weights]: readonly [Tensor, Tensor],
  cap: number | null,
  gradient: boolean,
): Tensor[] {
  const x = softCap(o.cast(logits, 'float32'), cap);
  const count = sizeAt(x.shape, 0);
  const hit = o.oneHot(labels, sizeAt(x.shape, 1));
  const shifted = o.sub(x, o.max(x, [-1], { keep: true }));
  const exponentials = o.exp(shifted);
  const total = o.sum(exponentials, [-1], { keep: true });
  const atLabel = o.sum(o.mul(hit, shifted), [-1], { keep: true });
  const losses = o.reshape(o.sub(o.log(total), atLabel), [count]);
  if (!gradient) return [losses];
  const dx = o.mul(o.sub(o.div(exponentials, total), hit), o.reshape(weights, [count, 1]));
  return [losses, o.cast(softCapGradient(dx, x, cap), logits.dtype)];
}
