/** The training loop. */
import type { EngineEvent } from '../../../shared/contract/engine.ts';
import type { StepPoint } from '../../../shared/contract/records.ts';
import type { TrainingConfig } from '../../../shared/contract/training-config.ts';
import { lorikeetError } from '../../../shared/errors/lorikeet-error.ts';
import type { Block } from '../batch/block.ts';
import { microBatchesOf, type Plan, type TrainingData } from './plan.ts';
import { scheduleFactor } from './schedule.ts';
import type { Trainer } from './trainer.ts';

export type RunOptions = {
  config: TrainingConfig;
  plan: Plan;
  data: TrainingData;
  emit: (event: EngineEvent) => void;
  signal: AbortSignal;
};

/** How often a run is validated, the end included. */
const validations = 5;

/**
 * Trains until the plan is done or the signal stops it, and tells every step. Returns the number of steps done.
 * @throws train/loss-not-finite at the step where it happens
 */
export async function runTraining(trainer: Trainer, options: RunOptions): Promise<number> {
  const { config, plan, data, emit, signal } = options;
  const { totalSteps } = plan;
  const every = Math.max(1, Math.ceil(totalSteps / validations));
  const clock = new StepClock(totalSteps);
  let tokens = 0;
  for (let step = 0; step < totalSteps; step++) {
    // Lets messages in; TensorFlow blocks this thread during a step.
    await new Promise((resolve) => setImmediate(resolve));
    if (signal.aborted) return step;
    const microBatches = microBatchesOf(config, plan, data.blocks.length, step).map((numbers) =>
      numbers.flatMap((number) => data.blocks[number] ?? []),
    );
    const factor = scheduleFactor(config.scheduler, step, config.warmupSteps, totalSteps);
    const learningRate = config.learningRate * factor;
    clock.start();
    const result = trainer.step(microBatches, [learningRate]);
    clock.stop();
    const gradientNorm = result.gradientNorms[0] ?? NaN;
    if (!Number.isFinite(result.loss) || !Number.isFinite(gradientNorm)) {
      const loss = Number.isFinite(result.loss) ? gradientNorm : result.loss;
      throw lorikeetError('train/loss-not-finite', { step: step + 1, loss });
    }
    const count = realTokens(microBatches.flat());
    tokens += count;
    const point: StepPoint = {
      step: step + 1,
      totalSteps,
      epoch: (step + 1) / plan.stepsPerEpoch,
      loss: result.loss,
      learningRate,
      gradientNorm,
      tokens,
      tokensPerSecond: count / clock.lastSeconds,
      elapsedSeconds: clock.elapsedSeconds,
      secondsLeft: clock.secondsLeft(step + 1),
    };
    emit({ kind: 'step', point });
    const due = (step + 1) % every === 0 || step + 1 === totalSteps;
    if (due && data.validation.length > 0) {
      emit({ kind: 'validation', point: { step: step + 1, ...trainer.evaluate(data.validation) } });
    }
  }
  return totalSteps;
}

/** Tokens that are not padding. */
function realTokens(blocks: readonly Block[]): number {
  return blocks.reduce(
    (sum, { segments }) => sum + segments.reduce((n, segment) => n + (segment > 0 ? 1 : 0), 0),
    0,
  );
}

/** Times steps. The first is left out of the forecast: TensorFlow compiles during it. */
class StepClock {
  lastSeconds = 0;
  private readonly began = performance.now();
  private readonly totalSteps: number;
  private stepBegan = 0;
  private readonly recent: number[] = [];

  constructor(totalSteps: number) {
    this.totalSteps = totalSteps;
  }

  start(): void {
    this.stepBegan = performance.now();
  }

  stop(): void {
    this.lastSeconds = (performance.now() - this.stepBegan) / 1000;
    this.recent.push(this.lastSeconds);
    if (this.recent.length > 20 || this.recent.length === 2) this.recent.shift();
  }

  get elapsedSeconds(): number {
    return (performance.now() - this.began) / 1000;
  }

  secondsLeft(stepsDone: number): number {
    const mean = this.recent.reduce((sum, seconds) => sum + seconds, 0) / this.recent.length;
    return mean * (this.totalSteps - stepsDone);
  }
}
