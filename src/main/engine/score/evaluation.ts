/** The mean loss over many blocks, batch by batch, and what the task has to say of what was predicted. */
import type { TaskReport } from '../../../shared/contract/run-points.ts';
import type { Block } from '../batch/block.ts';
import type { BatchShape } from '../model/architecture.ts';
import type { Outcome, Task } from '../task/task.ts';

/** Nats per place with loss, NaN when there is none; how many places there are; null where the loss says all. */
export type Evaluation = { loss: number; tokens: number; report: TaskReport | null };

/** Of one batch: losses [C] and outputs [C, W], of which the first have labels. */
export type BatchOutcome = {
  losses: ArrayLike<number> | undefined;
  labels: Int32Array;
  outputs: ArrayLike<number> | undefined;
};

type Size = { shape: BatchShape; capacity: number; task: Pick<Task, 'outputWidth' | 'report'> };

/** `run` gives the outcome of one batch. */
export function evaluateBlocks(
  blocks: readonly Block[],
  size: Size,
  run: (batch: readonly Block[]) => BatchOutcome,
): Evaluation {
  const sums = new Sums(size.task);
  for (const batch of inBatches(blocks, size)) sums.add(run(batch));
  return sums.evaluation();
}

/** The same with `pause` awaited after each batch, which is told how many blocks were in it and may throw to stop. */
export async function evaluateInTurn(
  blocks: readonly Block[],
  size: Size,
  run: (batch: readonly Block[]) => BatchOutcome,
  pause: (blocks: number) => Promise<void>,
): Promise<Evaluation> {
  const sums = new Sums(size.task);
  for (const batch of inBatches(blocks, size)) {
    sums.add(run(batch));
    await pause(batch.length);
  }
  return sums.evaluation();
}

/** What the batches so far add up to. */
class Sums {
  private readonly task: Size['task'];
  private readonly outcomes: Outcome[] = [];
  private loss = 0;
  private tokens = 0;

  constructor(task: Size['task']) {
    this.task = task;
  }

  add({ losses, labels, outputs }: BatchOutcome): void {
    this.loss += sumOfLosses(losses, labels.length);
    this.tokens += labels.length;
    if (!outputs) return;
    const all = Float32Array.from(outputs);
    const { outputWidth: width } = this.task;
    labels.forEach((label, i) => {
      this.outcomes.push({ label, output: all.subarray(i * width, (i + 1) * width) });
    });
  }

  evaluation(): Evaluation {
    const { loss, tokens, task, outcomes } = this;
    return { loss: loss / tokens, tokens, report: task.report(outcomes) };
  }
}

/** Sum of the first `count` losses, in float64. */
function sumOfLosses(losses: ArrayLike<number> | undefined, count: number): number {
  let sum = 0;
  for (let i = 0; i < count; i++) sum += losses?.[i] ?? NaN;
  return sum;
}

/** Batches that fit: at most `rows` blocks and `capacity` losses each. */
export function* inBatches(
  blocks: readonly Block[],
  { shape, capacity }: Pick<Size, 'shape' | 'capacity'>,
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
