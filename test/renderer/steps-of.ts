/** Steps as the engine tells them, for tests of what is made of them. */
import { StepSeries } from '../../src/renderer/lib/step-series.ts';
import type { StepPoint } from '../../src/shared/contract/run-points.ts';
import { columnsOf, type StepColumns } from '../../src/shared/contract/step-columns.ts';

/** A point of a run of four steps. */
export function pointOf(step: number, loss = 4 - step): StepPoint {
  return {
    step,
    totalSteps: 4,
    epoch: step / 4,
    loss,
    learningRate: 1e-4,
    gradientNorm: 1,
    tokens: step * 100,
    tokensPerSecond: 50,
    elapsedSeconds: step * 2,
    secondsLeft: (4 - step) * 2,
  };
}

/** As they come out of the store. */
export function columnsAt(
  steps: readonly number[],
  loss = (step: number) => 4 - step,
): StepColumns {
  return columnsOf((field) => Float64Array.from(steps, (step) => pointOf(step, loss(step))[field]));
}

export function stepsOf(steps: readonly number[], loss?: (step: number) => number): StepSeries {
  const series = new StepSeries();
  series.merge(columnsAt(steps, loss));
  return series;
}
