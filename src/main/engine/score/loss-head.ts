/** From the last layer's output to the losses of a batch: the task's loss, only at the places that carry one. */
import * as o from '../graph/ops/index.ts';
import type { Tensor } from '../graph/node.ts';
import type { BatchShape } from '../model/architecture.ts';
import type { HeadGradients, LossContext, LossPlaces, Task, TaskLoss } from '../task/task.ts';
import type { BatchFeeds } from './batch.ts';

export type LossHeadOptions = LossContext & {
  task: Task;
  shape: BatchShape;
  batch: BatchFeeds;
  /** What adapters have in the head. */
  pieces: Pick<LossPlaces, 'wholes' | 'slots'>;
};

/** dOutput is dL/d(hidden) [B·T, D]. */
export type LossHead = Pick<TaskLoss, 'losses' | 'outputs'> & {
  gradient: ({ dOutput: Tensor } & HeadGradients) | null;
};

/** hidden [B·T, D] float32 → losses [C], and their gradients. */
export function lossHead({ task, shape, batch, pieces, ...context }: LossHeadOptions) {
  const { rows, length } = shape;
  return (hidden: Tensor, gradient: boolean): LossHead => {
    const { lossPositions, labels, targets, lossWeights: weights, rowGates } = batch;
    const adapters = rowGates.shape[1] ?? 0;
    const gates = o.broadcastTo(o.reshape(rowGates, [rows, 1, adapters]), [rows, length, adapters]);
    const places = {
      ...{ labels, targets, weights },
      ...pieces,
      hidden: o.gather(hidden, lossPositions),
      gates: o.gather(o.reshape(gates, [rows * length, adapters]), lossPositions),
    };
    const loss = task.loss(context, places, gradient);
    const found = loss.gradient;
    return {
      ...loss,
      gradient: found && {
        ...found,
        dOutput: o.scatterAdd(found.dHidden, lossPositions, rows * length),
      },
    };
  };
}
