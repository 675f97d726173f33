/** The mean loss over many blocks, batch by batch. */
import type { Block } from '../batch/block.ts';
import type { BatchShape } from '../model/architecture.ts';

type BatchLosses = { losses: ArrayLike<number> | undefined; count: number };

/** Nats per learnt token; NaN when nothing is learnt. `run` gives the losses of one batch. */
export function meanLoss(
  blocks: readonly Block[],
  size: { shape: BatchShape; capacity: number },
  run: (batch: readonly Block[]) => BatchLosses,
): { loss: number; tokens: number } {
  let sum = 0;
  let tokens = 0;
  for (const batch of inBatches(blocks, size)) {
    const { losses, count } = run(batch);
    sum += sumOfLosses(losses, count);
    tokens += count;
  }
  return { loss: sum / tokens, tokens };
}

/** Sum of the first `count` losses, in float64. */
function sumOfLosses(losses: ArrayLike<number> | undefined, count: number): number {
  let sum = 0;
  for (let i = 0; i < count; i++) sum += losses?.[i] ?? NaN;
  return sum;
}

/** Batches that fit: at most `rows` blocks and `capacity` losses each. */
function* inBatches(
  blocks: readonly Block[],
  { shape, capacity }: { shape: BatchShape; capacity: number },
): Generator<Block[]> {
  let batch: Block[] = [];
  let losses = 0;
  for (const block of blocks) {
    if (batch.length === shape.rows || (batch.length > 0 && losses + block.lossCount > capacity)) {
      yield batch;
      batch = [];
      losses = 0;
    }
    batch.push(block);
    losses += block.lossCount;
  }
  if (batch.length > 0) yield batch;
}
