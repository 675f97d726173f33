/** How far one adapter's run is: what comes next, and what is told of each step. */
import type { EngineEvent } from '../../../shared/contract/engine.ts';
import type { TrainingConfig } from '../../../shared/contract/training-config.ts';
import type { Problem } from '../../../shared/errors/problem.ts';
import { lorikeetError } from '../../../shared/errors/lorikeet-error.ts';
import type { Block } from '../batch/block.ts';
import type { Evaluation } from '../score/evaluation.ts';
import { microBatchesOf, type Plan, type TrainingData } from './plan.ts';
import { scheduleFactor } from './schedule.ts';
import type { StepClock } from './step-clock.ts';
import type { MicroBatches, StepResult } from './trainer.ts';

/** One adapter's run: what it learns from, and who hears of it. */
export type TrainingRun = {
  config: TrainingConfig;
  plan: Plan;
  data: TrainingData;
  emit: (event: EngineEvent) => void;
};

/** How a run ended: the steps that it has done, and the problem that ended it (train/loss-not-finite). */
export type Ending = { steps: number; problem: Problem | null };

/** How often a run is validated, the end included. */
const validations = 5;

export class RunProgress {
  readonly ending: Ending = { steps: 0, problem: null };
  private readonly run: TrainingRun;
  private tokens = 0;

  constructor(run: TrainingRun) {
    this.run = run;
  }

  get active(): boolean {
    return this.ending.problem === null && this.ending.steps < this.run.plan.totalSteps;
  }

  /** Of the next step. */
  microBatches(): MicroBatches {
    if (!this.active) return [];
    const { config, plan, data } = this.run;
    return microBatchesOf(config, plan, data.blocks.length, this.ending.steps).map((numbers) =>
      numbers.flatMap((number) => data.blocks[number] ?? []),
    );
  }

  /** Of the next step; 0 changes nothing. */
  learningRate(): number {
    if (!this.active) return 0;
    const { scheduler, warmupSteps, learningRate } = this.run.config;
    const { totalSteps } = this.run.plan;
    return learningRate * scheduleFactor(scheduler, this.ending.steps, warmupSteps, totalSteps);
  }

  /** Ends the run at the step whose loss or gradient was not finite. */
  fail({ loss, gradientNorm }: Pick<StepResult, 'loss' | 'gradientNorm'>): void {
    const { routerLoss } = this.run.config;
    const details = { step: this.ending.steps + 1, loss, gradientNorm, routerLoss };
    this.ending.problem = lorikeetError('train/loss-not-finite', details).problem;
  }

  /** Counts the step and tells it. */
  finish({ loss, gradientNorm }: StepResult, clock: StepClock): void {
    const { totalSteps, stepsPerEpoch } = this.run.plan;
    const learningRate = this.learningRate();
    const count = realTokens(this.microBatches().flat());
    const step = this.ending.steps + 1;
    this.ending.steps = step;
    this.tokens += count;
    const point = {
      ...{ step, totalSteps, epoch: step / stepsPerEpoch, loss, learningRate, gradientNorm },
      tokens: this.tokens,
      tokensPerSecond: count / clock.lastSeconds,
      elapsedSeconds: clock.elapsedSeconds,
      secondsLeft: clock.secondsFor(totalSteps - step),
    };
    this.run.emit({ kind: 'step', point });
  }

  get validationIsDue(): boolean {
    const { steps } = this.ending;
    const { totalSteps } = this.run.plan;
    const every = Math.max(1, Math.ceil(totalSteps / validations));
    const due = steps % every === 0 || steps === totalSteps;
    return due && this.run.data.validation.length > 0;
  }

  validate(evaluate: (blocks: readonly Block[]) => Evaluation): void {
    const point = { step: this.ending.steps, ...evaluate(this.run.data.validation) };
    this.run.emit({ kind: 'validation', point });
  }
}

/** Tokens that are not padding. */
function realTokens(blocks: readonly Block[]): number {
  return blocks.reduce(
    (sum, { segments }) => sum + segments.reduce((n, segment) => n + (segment === 0 ? 0 : 1), 0),
    0,
  );
}
