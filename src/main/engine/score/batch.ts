/** What is fed with a batch of blocks. */
import type { Tensor } from '../graph/node.ts';
import type { Program } from '../graph/program.ts';
import { gateColumns, type BankLayout } from '../lora/layout.ts';
import type { Architecture, BatchShape } from '../model/architecture.ts';
import type { BatchTensors } from '../model/stack.ts';
import type { Task } from '../task/task.ts';

export type BatchOptions = {
  architecture: Pick<Architecture, 'tokenTypes'>;
  task: Pick<Task, 'targets'>;
  shape: BatchShape;
  capacity: number;
  layout: BankLayout;
};

/** The places with loss of a batch. */
export type LossFeeds = {
  /** [C] int32: index into B·T of each position with loss. */
  lossPositions: Tensor;
  /** [C] int32 */
  labels: Tensor;
  /** [C, W] float32, where the task has targets. */
  targets: Tensor | null;
  /** [C] float32 */
  lossWeights: Tensor;
};

export type BatchFeeds = BatchTensors &
  LossFeeds & {
    /** [B, k] float32 */
    rowGates: Tensor;
    /** [2] int32 */
    seed: Tensor;
  };

export function batchPlaceholders(
  program: Program,
  { architecture, task, shape, capacity, layout }: BatchOptions,
): BatchFeeds {
  const grid = [shape.rows, shape.length];
  return {
    tokens: program.placeholder('tokens', 'int32', grid),
    segments: program.placeholder('segments', 'int32', grid),
    positions: program.placeholder('positions', 'int32', grid),
    types: architecture.tokenTypes > 0 ? program.placeholder('types', 'int32', grid) : null,
    ...lossPlaceholders(program, { task, capacity }),
    rowGates: program.placeholder('row_gates', 'float32', [shape.rows, gateColumns(layout)]),
    seed: program.placeholder('seed', 'int32', [2]),
  };
}

export function lossPlaceholders(
  program: Program,
  { task, capacity }: Pick<BatchOptions, 'task' | 'capacity'>,
): LossFeeds {
  return {
    lossPositions: program.placeholder('loss_positions', 'int32', [capacity]),
    labels: program.placeholder('labels', 'int32', [capacity]),
    targets: task.targets
      ? program.placeholder('targets', 'float32', [capacity, task.targets.width])
      : null,
    lossWeights: program.placeholder('loss_weights', 'float32', [capacity]),
  };
}
