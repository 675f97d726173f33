/** Curves of a run over steps, tokens or time. */
import type { ValidationPoint } from '../../shared/contract/run-points.ts';
import { drawnPoints, type Curve } from './chart-series.ts';
import type { Point } from './point.ts';
import { smooth } from './smooth.ts';
import type { Steps } from './step-series.ts';
import type { Stretch } from './stretch.ts';
import { thinColumns } from './thin.ts';
import type { XAxis } from './x-axes.ts';

export type StepFigure = 'loss' | 'learningRate' | 'gradientNorm' | 'tokensPerSecond';

const columns = { step: 'step', tokens: 'tokens', time: 'elapsedSeconds' } as const;

/**
 * A figure over the steps, smoothed by a weight (smooth.ts), in as many points as are drawn, and of a stretch again as many:
 * extremes and both ends are among them.
 */
export function stepCurve(
  steps: Steps,
  figure: StepFigure,
  { axis = 'step', smoothing = 0 }: { axis?: XAxis; smoothing?: number } = {},
): Curve {
  const xs = steps.column(columns[axis]);
  const raw = steps.column(figure);
  const ys = smoothing === 0 ? raw : smooth(raw, smoothing);
  return {
    points: thinColumns(xs, ys, drawnPoints),
    behind: { count: xs.length, within: (stretch, most) => cutColumns(xs, ys, stretch, most) },
  };
}

/** Thinned anew of a stretch, with a neighbour on both sides, so that the line goes on to the edge. `xs` are ascending. */
function cutColumns(
  xs: Float64Array,
  ys: Float64Array,
  { from, to }: Stretch,
  most = drawnPoints,
): Point[] {
  const first = Math.max(0, firstFrom(xs, from) - 1);
  const end = Math.min(xs.length, firstFrom(xs, to) + 2);
  return thinColumns(xs.subarray(first, end), ys.subarray(first, end), most);
}

/** Index of the first of the ascending `values` that is not below `least`, by bisection; their number where there is none. */
function firstFrom(values: Float64Array, least: number): number {
  let low = 0;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((values[middle] ?? Infinity) < least) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Where steps lie on an axis: each at the last step of the run up to it. `made` are ascending. */
function placesOf(made: readonly number[], steps: Steps, axis: XAxis): number[] {
  if (axis === 'step') return [...made];
  const [all, places] = [steps.column('step'), steps.column(columns[axis])];
  return made.map((step) => places[Math.max(0, firstFrom(all, step + 1) - 1)] ?? 0);
}

/** Validation losses; a validation counts no tokens and no time of the training, so it takes those of its step. */
export function validationCurve(
  validations: readonly ValidationPoint[],
  steps: Steps,
  axis: XAxis = 'step',
): Point[] {
  const places = placesOf(
    validations.map(({ step }) => step),
    steps,
    axis,
  );
  return validations.map(({ loss }, index) => ({ x: places[index] ?? 0, y: loss }));
}
