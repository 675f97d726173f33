/** From the last layer's output to the losses of a batch: the task's loss, only at the places that carry one. */
import * as o from '../graph/ops/index.ts';
import type { Tensor } from '../graph/node.ts';
import type { BatchShape } from '../model/architecture.ts';
import type { LossContext, Task } from '../task/task.ts';
import type { BatchFeeds } from './batch.ts';

export type LossHeadOptions = LossContext & { task: Task; shape: BatchShape; batch: BatchFeeds };

/** dOutput is dL/d(hidden) [B·T, D]. */
export type LossHead = { losses: Tensor; dOutput: Tensor | null };

/** hidden [B·T, D] float32 → losses [C], dL/d(hidden) [B·T, D]. */
export function lossHead({ task, shape, batch, ...context }: LossHeadOptions) {
  return (hidden: Tensor, gradient: boolean): LossHead => {
    const places = {
      hidden: o.gather(hidden, batch.lossPositions),
      labels: batch.labels,
      weights: batch.lossWeights,
    };
    const { losses, dHidden } = task.loss(context, places, gradient);
    const tokens = shape.rows * shape.length;
    return { losses, dOutput: dHidden && o.scatterAdd(dHidden, batch.lossPositions, tokens) };
  };
}
