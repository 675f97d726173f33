/** How far one adapter's run is: what comes next, and what is told of each step. */
import type { EngineEvent } from '../../../shared/contract/engine.ts';
import type { TrainingConfig } from '../../../shared/contract/training-config.ts';
import type { Problem } from '../../../shared/errors/problem.ts';
import type { Block } from '../batch/block.ts';
import type { Evaluation } from '../score/evaluation.ts';
import { afterValidation, hasWaited } from './best-validation.ts';
import { isSuspect, runAway, stepsAway, withLoss } from './loss-watch.ts';
import { microBatchesOf, type Plan, type TrainingData } from './plan.ts';
import type { ProgressState } from './run-state.ts';
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

/** How often a run is validated where nothing else is asked for, the end included. */
const validations = 5;

const begin: ProgressState = {
  ...{ steps: 0, tokens: 0, problem: null, early: false, best: null, recentLosses: [] },
  ...{ lastLoss: null, lastValidationLoss: null },
};

/** After every so many steps a run is validated, and at its end. */
export function validationInterval({ config, plan }: Pick<TrainingRun, 'config' | 'plan'>): number {
  return config.validateEvery || Math.max(1, Math.ceil(plan.totalSteps / validations));
}

export class RunProgress {
  private readonly run: TrainingRun;
  private known: ProgressState;

  /** @param state that it goes on from */
  constructor(run: TrainingRun, state: ProgressState = begin) {
    this.run = run;
    this.known = state;
  }

  get state(): ProgressState {
    return this.known;
  }

  get active(): boolean {
    const { problem, early, steps } = this.known;
    return problem === null && !early && steps < this.run.plan.totalSteps;
  }

  /** Of the next step. */
  microBatches(): MicroBatches {
    if (!this.active) return [];
    const { config, plan, data } = this.run;
    return microBatchesOf(config, plan, data.blocks.length, this.known.steps).map((numbers) =>
      numbers.flatMap((number) => data.blocks[number] ?? []),
    );
  }

  /** Of the next step; 0 changes nothing. */
  learningRate(): number {
    if (!this.active) return 0;
    const { scheduler, warmupSteps, learningRate } = this.run.config;
    const { totalSteps } = this.run.plan;
    return learningRate * scheduleFactor(scheduler, this.known.steps, warmupSteps, totalSteps);
  }

  /** Ends the run for good. */
  fail(problem: Problem): void {
    this.known = { ...this.known, problem };
  }

  /** Counts the step and tells it. */
  finish({ loss, gradientNorm }: StepResult, clock: StepClock): void {
    const { totalSteps, stepsPerEpoch } = this.run.plan;
    const learningRate = this.learningRate();
    const count = realTokens(this.microBatches().flat());
    const step = this.known.steps + 1;
    const tokens = this.known.tokens + count;
    const recentLosses = withLoss(this.known.recentLosses, loss);
    this.known = { ...this.known, steps: step, tokens, recentLosses, lastLoss: loss };
    const point = {
      ...{
        step,
        totalSteps,
        epoch: step / stepsPerEpoch,
        loss,
        learningRate,
        gradientNorm,
        tokens,
      },
      tokensPerSecond: count / clock.lastSeconds,
      elapsedSeconds: clock.elapsedSeconds,
      secondsLeft: clock.secondsFor(totalSteps - step),
    };
    this.run.emit({ kind: 'step', point });
  }

  /** How far the loss is from where it was, where that is too far; else null. */
  get runAway(): { now: number; before: number } | null {
    return runAway(this.known.recentLosses);
  }

  /** Whether its last step may be the first of a divergence: what it has learnt is not to be relied on yet. */
  get suspect(): boolean {
    return this.active && isSuspect(this.known.recentLosses);
  }

  /** Of one that has run away, or has no loss for its next step: the last step that another good one followed. */
  get soundStep(): number {
    const { steps, recentLosses } = this.known;
    return Math.max(0, steps - stepsAway(recentLosses) - 1);
  }

  get validationIsDue(): boolean {
    return this.known.steps > 0 && this.validatedAt === this.known.steps;
  }

  /** The share of its steps that were done at its last validation; 0 before the first. */
  get validated(): number {
    return this.validatedAt / this.run.plan.totalSteps;
  }

  /** The step at which a validation is or was due last; 0 where there was none yet, or no data for one. */
  private get validatedAt(): number {
    const { steps } = this.known;
    const { plan, data } = this.run;
    if (data.validation.length === 0) return 0;
    return steps === plan.totalSteps ? steps : steps - (steps % validationInterval(this.run));
  }

  /**
   * Tells the validation, and where it is the best so far, that too; `better` then. Ends a run that has waited for it long enough. A
   * loss that is no finite number is not told: it is no validation of anything.
   */
  validate(evaluate: (blocks: readonly Block[]) => Evaluation): { loss: number; better: boolean } {
    const { config, data, emit } = this.run;
    const point = { step: this.known.steps, ...evaluate(data.validation) };
    const { loss } = point;
    if (!Number.isFinite(loss)) return { loss, better: false };
    emit({ kind: 'validation', point });
    const best = afterValidation(this.known.best, point, config);
    const early = hasWaited(best, config) && point.step < this.run.plan.totalSteps;
    this.known = { ...this.known, best, early, lastValidationLoss: loss };
    if (best?.step !== point.step) return { loss, better: false };
    emit({ kind: 'best', best: { step: best.step, loss: best.loss } });
    return { loss, better: true };
  }
}

/** Tokens that are not padding. */
function realTokens(blocks: readonly Block[]): number {
  return blocks.reduce(
    (sum, { segments }) => sum + segments.reduce((n, segment) => n + (segment === 0 ? 0 : 1), 0),
    0,
  );
}
