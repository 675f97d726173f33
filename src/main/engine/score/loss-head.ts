/** From the last layer's output to the losses of the learnt positions. */
import { gradients } from '../graph/gradients/gradients.ts';
import type { Fusion } from '../graph/island.ts';
import { GraphError, type Tensor } from '../graph/node.ts';
import * as o from '../graph/ops/index.ts';
import type { BaseWeights } from '../model/base-weights.ts';
import type { Architecture, BatchShape } from '../model/architecture.ts';
import type { BatchFeeds } from './batch.ts';
import { chunkedLoss } from './loss.ts';

export type LossHeadOptions = {
  architecture: Architecture;
  fusion: Fusion;
  shape: BatchShape;
  weights: BaseWeights;
  batch: BatchFeeds;
};

/** dOutput is dL/d(hidden) [B·T, D]. */
export type LossHead = { losses: Tensor; dOutput: Tensor | null };

/** Final norm and loss, only at the positions that carry loss. hidden [B·T, D] float32 → losses [C], dL/d(hidden) [B·T, D]. */
export function lossHead({ architecture, fusion, shape, weights, batch }: LossHeadOptions) {
  return (hidden: Tensor, gradient: boolean): LossHead => {
    const rows = o.gather(hidden, batch.lossPositions);
    const finished = architecture.finish(weights.outside(fusion), rows);
    const { losses, dHidden } = chunkedLoss(
      fusion,
      {
        hidden: finished,
        output: weights.output,
        labels: batch.labels,
        weights: batch.lossWeights,
      },
      gradient,
    );
    if (!dHidden) return { losses, dOutput: null };
    const [dRows] = gradients([finished], [dHidden], [rows]);
    if (!dRows) throw new GraphError('the loss does not depend on the hidden states');
    const dOutput = o.scatterAdd(dRows, batch.lossPositions, shape.rows * shape.length);
    return { losses, dOutput };
  };
}
