/** Curves of a run over steps, tokens or time. */
import type { StepPoint, ValidationPoint } from '../../shared/contract/records.ts';
import type { Point } from './point.ts';

export type XAxis = 'step' | 'tokens' | 'time';
export type StepFigure = 'loss' | 'learningRate' | 'gradientNorm' | 'tokensPerSecond';

function at(point: StepPoint, axis: XAxis): number {
  if (axis === 'step') return point.step;
  return axis === 'tokens' ? point.tokens : point.elapsedSeconds;
}

/** A figure of every step. */
export function stepCurve(
  steps: readonly StepPoint[],
  figure: StepFigure,
  axis: XAxis = 'step',
): Point[] {
  return steps.map((point) => ({ x: at(point, axis), y: point[figure] }));
}

/** Validation losses; a validation has no clock of its own, so it takes the time of the last step up to it. */
export function validationCurve(
  validations: readonly ValidationPoint[],
  steps: readonly StepPoint[],
  axis: XAxis = 'step',
): Point[] {
  let index = 0;
  return validations.map(({ step, loss, tokens }) => {
    while ((steps[index + 1]?.step ?? Infinity) <= step) index += 1;
    const seconds = steps[index]?.elapsedSeconds ?? 0;
    return { x: axis === 'step' ? step : axis === 'tokens' ? tokens : seconds, y: loss };
  });
}
