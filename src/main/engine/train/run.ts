/** The training loop: one adapter, or several that share the base and every step. */
import { RunProgress, type Ending, type TrainingRun } from './run-progress.ts';
import { StepClock } from './step-clock.ts';
import type { Trainer } from './trainer.ts';

/**
 * Trains until every plan is done or the signal stops all, and tells every step. A run whose loss is not finite ends at that
 * step; the others go on. Gives one ending for each run.
 */
export async function runTraining(
  trainer: Trainer,
  runs: readonly TrainingRun[],
  signal: AbortSignal,
): Promise<Ending[]> {
  const progress = runs.map((run) => new RunProgress(run));
  const clock = new StepClock();
  for (let step = 0; progress.some((each) => each.active); step++) {
    // Lets messages in; TensorFlow blocks this thread during a step.
    await new Promise((resolve) => setImmediate(resolve));
    if (signal.aborted) break;
    const batches = progress.map((each) => each.microBatches());
    const rates = progress.map((each) => each.learningRate());
    clock.start();
    const results = trainer.step(batches, rates);
    clock.stop();
    for (const [adapter, result] of results.entries()) {
      const each = progress[adapter];
      if (!each?.active) continue;
      each.finish(result, clock);
      if (each.ending.problem) trainer.clear(adapter);
      else if (each.validationIsDue) each.validate((blocks) => trainer.evaluate(blocks, adapter));
    }
  }
  return progress.map(({ ending }) => ending);
}
