/** Blocks of tokens as the arrays that a batch's placeholders take. */
import { noLabel, type Block } from '../batch/block.ts';
import type { Tensor } from '../graph/node.ts';
import type { Feed } from '../graph/session.ts';
import type { BatchShape } from '../model/architecture.ts';
import type { Task } from '../task/task.ts';
import type { BatchFeeds } from './batch.ts';

export type BatchSize = BatchShape & { capacity: number; task: Pick<Task, 'targets'> };

export type BatchArrays = {
  feeds: Feed[];
  /** Row of the batch and label for each learnt position, in the order of the losses. */
  lossRows: Int32Array;
  labels: Int32Array;
};

/**
 * Feeds for up to `rows` blocks; missing rows, and those that are null, are padding.
 * @param weight dL/d(loss of a position), for example 1 / learnt tokens of the whole step
 * @param rowGates [rows · adapters]
 */
export function batchFeeds(
  placeholders: BatchFeeds,
  blocks: readonly (Block | null)[],
  { rows, length, capacity, task }: BatchSize,
  weight: (row: number) => number,
  rowGates: Float32Array,
  seed: readonly [number, number],
): BatchArrays {
  const grid = () => new Int32Array(rows * length);
  const [tokens, segments, positions, types] = [grid(), grid(), grid(), grid()];
  const lossPositions = new Int32Array(capacity);
  const labels = new Int32Array(capacity);
  const targets = new Float32Array(capacity * (task.targets?.width ?? 0));
  const lossWeights = new Float32Array(capacity);
  const lossRows: number[] = [];
  blocks.forEach((block, row) => {
    if (!block) return;
    tokens.set(block.tokens, row * length);
    segments.set(block.segments, row * length);
    positions.set(block.positions, row * length);
    if (block.types) types.set(block.types, row * length);
    block.labels.forEach((label, t) => {
      if (label === noLabel) return;
      const at = lossRows.push(row) - 1;
      lossPositions[at] = row * length + t;
      labels[at] = label;
      if (task.targets) targets.set(task.targets.of(label), at * task.targets.width);
      lossWeights[at] = weight(row);
    });
  });
  if (lossRows.length > capacity || blocks.length > rows) {
    throw new RangeError(
      `${blocks.length} blocks with ${lossRows.length} learnt tokens in a batch of ${rows} and ${capacity}`,
    );
  }
  const feeds: Feed[] = [
    [placeholders.tokens, tokens],
    [placeholders.segments, segments],
    [placeholders.positions, positions],
    ...fed(placeholders.types, types),
    ...fed(placeholders.targets, targets),
    [placeholders.lossPositions, lossPositions],
    [placeholders.labels, labels],
    [placeholders.lossWeights, lossWeights],
    [placeholders.rowGates, rowGates],
    [placeholders.seed, Int32Array.from(seed)],
  ];
  const count = lossRows.length;
  return { feeds, lossRows: Int32Array.from(lossRows), labels: labels.subarray(0, count) };
}

function fed(placeholder: Tensor | null, values: Int32Array | Float32Array): Feed[] {
  return placeholder ? [[placeholder, values]] : [];
}
