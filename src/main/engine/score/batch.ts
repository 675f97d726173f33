/** What is fed with a batch of blocks. */
import type { Tensor } from '../graph/node.ts';
import type { Program } from '../graph/program.ts';
import { gateColumns, type BankLayout } from '../lora/layout.ts';
import type { BatchShape } from '../model/architecture.ts';
import type { BatchTensors } from '../model/stack.ts';

export type BatchFeeds = BatchTensors & {
  /** [C] int32: index into B·T of each position with loss. */
  lossPositions: Tensor;
  /** [C] int32 */
  labels: Tensor;
  /** [C] float32 */
  lossWeights: Tensor;
  /** [B, k] float32 */
  rowGates: Tensor;
  /** [2] int32 */
  seed: Tensor;
};

export function batchPlaceholders(
  program: Program,
  { shape, capacity, layout }: { shape: BatchShape; capacity: number; layout: BankLayout },
): BatchFeeds {
  const grid = [shape.rows, shape.length];
  return {
    tokens: program.placeholder('tokens', 'int32', grid),
    segments: program.placeholder('segments', 'int32', grid),
    positions: program.placeholder('positions', 'int32', grid),
    lossPositions: program.placeholder('loss_positions', 'int32', [capacity]),
    labels: program.placeholder('labels', 'int32', [capacity]),
    lossWeights: program.placeholder('loss_weights', 'float32', [capacity]),
    rowGates: program.placeholder('row_gates', 'float32', [shape.rows, gateColumns(layout)]),
    seed: program.placeholder('seed', 'int32', [2]),
  };
}
