/** The training loop: one adapter, or several that share the base and every step. */
import { HealthMonitor } from './health-monitor.ts';
import { RunProgress, type Ending, type TrainingRun } from './run-progress.ts';
import { StepClock } from './step-clock.ts';
import type { StepResult, Trainer } from './trainer.ts';

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
  const health = new HealthMonitor(trainer, runs);
  const clock = new StepClock();
  const activeNow = () => [...progress.keys()].filter((adapter) => progress[adapter]?.active);
  let step = 1;
  for (let active = activeNow(); active.length > 0; active = activeNow()) {
    // Lets messages in; TensorFlow blocks this thread during a step.
    await new Promise((resolve) => setImmediate(resolve));
    if (signal.aborted) {
      health.end(step - 1, active);
      break;
    }
    const batches = progress.map((each) => each.microBatches());
    const rates = progress.map((each) => each.learningRate());
    clock.start();
    const results = trainer.step(batches, rates);
    clock.stop();
    const diverged = divergedOf(progress, results);
    health.end(step, diverged);
    for (const adapter of diverged) trainer.clear(adapter);
    // Nobody was updated: those that are left do the step again.
    if (diverged.length > 0) continue;
    for (const adapter of active) {
      const result = results[adapter];
      if (result) progress[adapter]?.finish(result, clock);
    }
    health.after(step, active, rates);
    for (const adapter of active) {
      const each = progress[adapter];
      if (each?.validationIsDue) each.validate((blocks) => trainer.evaluate(blocks, adapter));
    }
    step += 1;
  }
  return progress.map(({ ending }) => ending);
}

/** Ends the runs whose loss is not finite, or where all losses are, those whose gradient is not; gives their numbers. */
function divergedOf(progress: readonly RunProgress[], results: readonly StepResult[]): number[] {
  const bad = (figure: 'loss' | 'gradientNorm') =>
    [...progress.keys()].filter((adapter) => {
      const value = results[adapter]?.[figure] ?? NaN;
      return progress[adapter]?.active && !Number.isFinite(value);
    });
  const losses = bad('loss');
  const diverged = losses.length > 0 ? losses : bad('gradientNorm');
  for (const adapter of diverged) {
    progress[adapter]?.fail(results[adapter] ?? { loss: NaN, gradientNorm: NaN });
  }
  return diverged;
}
