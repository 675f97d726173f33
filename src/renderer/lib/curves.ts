/** Curves of a run over steps, tokens or time. */
import type { ValidationPoint } from '../../shared/contract/records.ts';
import { drawnPoints } from './chart-series.ts';
import type { Point } from './point.ts';
import { smooth } from './smooth.ts';
import type { Steps } from './step-series.ts';
import { thinColumns } from './thin.ts';

export type XAxis = 'step' | 'tokens' | 'time';
export type StepFigure = 'loss' | 'learningRate' | 'gradientNorm' | 'tokensPerSecond';

const columns = { step: 'step', tokens: 'tokens', time: 'elapsedSeconds' } as const;

/** A figure over the steps, smoothed by a weight (smooth.ts), in as many points as are drawn: extremes and both ends are among them. */
export function stepCurve(
  steps: Steps,
  figure: StepFigure,
  { axis = 'step', smoothing = 0 }: { axis?: XAxis; smoothing?: number } = {},
): Point[] {
  const raw = steps.column(figure);
  const ys = smoothing === 0 ? raw : smooth(raw, smoothing);
  return thinColumns(steps.column(columns[axis]), ys, drawnPoints);
}

/** Validation losses; a validation has no clock of its own, so it takes the time of the last step up to it. */
export function validationCurve(
  validations: readonly ValidationPoint[],
  steps: Steps,
  axis: XAxis = 'step',
): Point[] {
  const [made, elapsed] = [steps.column('step'), steps.column('elapsedSeconds')];
  let index = 0;
  return validations.map(({ step, loss, tokens }) => {
    while ((made[index + 1] ?? Infinity) <= step) index += 1;
    const seconds = elapsed[index] ?? 0;
    return { x: axis === 'step' ? step : axis === 'tokens' ? tokens : seconds, y: loss };
  });
}
