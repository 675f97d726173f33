/** The curves of the Run page. */
import type { RunRecord } from '../../shared/contract/records.ts';
import type { ValidationPoint } from '../../shared/contract/run-points.ts';
import type { ChartLook } from './chart-options.ts';
import type { ChartSeries } from './chart-series.ts';
import { stepCurve, validationCurve, type StepFigure } from './curves.ts';
import { formatCompact, formatCount, formatLoss, formatSmall } from '../../shared/format.ts';
import { lossUnit, tasks } from '../../shared/tasks.ts';
import type { Point } from './point.ts';
import type { Steps } from './step-series.ts';
import { xAxes, type XAxis } from './x-axes.ts';

/** Training loss raw and smoothed, and validation loss with the best and the last of it. */
export function lossSeries(
  steps: Steps,
  validations: readonly ValidationPoint[],
  { smoothing, axis }: { smoothing: number; axis: XAxis },
  { best, last }: Pick<RunRecord, 'best' | 'last'>,
): ChartSeries[] {
  const raw = stepCurve(steps, 'loss', { axis });
  const training = { label: 'Training loss', colour: '--green', ...raw };
  const series: ChartSeries[] =
    smoothing === 0
      ? [{ ...training, look: 'line' }]
      : [
          { ...training, look: 'faint' },
          {
            label: 'Training loss, smoothed',
            colour: '--green',
            look: 'line',
            ...stepCurve(steps, 'loss', { axis, smoothing }),
          },
        ];
  if (validations.length === 0) return series;
  const points = validationCurve(validations, steps, axis);
  const curve: ChartSeries = {
    label: 'Validation loss',
    colour: '--orange',
    look: 'marked',
    points,
  };
  const bestAt = validations.findIndex(({ step }) => step === best?.step);
  const lastAt = validations.length - 1;
  return [
    ...series,
    curve,
    ...spot('Best', '--green', validations[bestAt], points[bestAt]),
    ...(last === null || lastAt === bestAt
      ? []
      : spot('Last', '--blue', validations[lastAt], points[lastAt])),
  ];
}

/** A validation of which an adapter was written; none while it is not known. */
function spot(
  label: string,
  colour: string,
  made: ValidationPoint | undefined,
  point: Point | undefined,
): ChartSeries[] {
  if (made === undefined || point === undefined) return [];
  const named = `${label}, step ${formatCount(made.step)}`;
  return [{ label: named, colour, look: 'spot', points: [point] }];
}

/** How the loss chart looks. */
export function lossLook(
  { config: { task }, labels }: Pick<RunRecord, 'config' | 'labels'>,
  logarithmic: boolean,
  axis: XAxis,
): ChartLook {
  const { label } = tasks[task].figures.loss;
  const unit = lossUnit(task, labels);
  return {
    x: xAxes[axis],
    y: { label: unit === '' ? label : `${label} (${unit})`, format: formatLoss, tick: formatSmall },
    logarithmic,
    compact: false,
  };
}

export type SmallChart = { title: string; figure: StepFigure; y: ChartLook['y'] };

/** The small charts below the loss. */
export const smallCharts: readonly SmallChart[] = [
  {
    title: 'Learning rate',
    figure: 'learningRate',
    y: { label: 'Learning rate', format: formatSmall },
  },
  {
    title: 'Gradient norm, before clipping',
    figure: 'gradientNorm',
    y: { label: 'Gradient norm', format: formatSmall },
  },
  {
    title: 'Speed, tokens per second',
    figure: 'tokensPerSecond',
    y: { label: 'Tokens per second', format: formatCompact },
  },
];

/** How one of them looks. */
export function smallLook({ y }: SmallChart, axis: XAxis): ChartLook {
  const { label, format } = xAxes[axis];
  const x = { label, format: axis === 'step' ? formatCompact : format };
  return { x, y, logarithmic: false, compact: true };
}
