/** The curves of the Run page. */
import type { RunRecord, ValidationPoint } from '../../shared/contract/records.ts';
import type { ChartLook } from './chart-options.ts';
import type { ChartSeries } from './chart-series.ts';
import { stepCurve, validationCurve, type StepFigure } from './curves.ts';
import { formatCompact, formatCount, formatLoss, formatSmall } from '../../shared/format.ts';
import { lossUnit, tasks } from '../../shared/tasks.ts';
import type { Point } from './point.ts';
import type { Steps } from './step-series.ts';

/** Training loss raw and smoothed, and validation loss with the best and the last of it. */
export function lossSeries(
  steps: Steps,
  validations: readonly ValidationPoint[],
  smoothing: number,
  { best, last }: Pick<RunRecord, 'best' | 'last'>,
): ChartSeries[] {
  const raw = stepCurve(steps, 'loss');
  const series: ChartSeries[] =
    smoothing === 0
      ? [{ label: 'Training loss', colour: '--green', look: 'line', points: raw }]
      : [
          { label: 'Training loss', colour: '--green', look: 'faint', points: raw },
          {
            label: 'Training loss, smoothed',
            colour: '--green',
            look: 'line',
            points: stepCurve(steps, 'loss', { smoothing }),
          },
        ];
  if (validations.length === 0) return series;
  const points = validationCurve(validations, steps);
  const curve: ChartSeries = {
    label: 'Validation loss',
    colour: '--orange',
    look: 'marked',
    points,
  };
  const latest = points.at(-1);
  const end = last === null || latest?.x === best?.step ? undefined : latest;
  return [
    ...series,
    curve,
    ...(best ? [spot('Best', '--green', { x: best.step, y: best.loss })] : []),
    ...(end ? [spot('Last', '--blue', end)] : []),
  ];
}

/** A validation of which an adapter was written. */
function spot(label: string, colour: string, point: Point): ChartSeries {
  const named = `${label}, step ${formatCount(point.x)}`;
  return { label: named, colour, look: 'spot', points: [point] };
}

/** How the loss chart looks. */
export function lossLook(
  { config: { task }, labels }: Pick<RunRecord, 'config' | 'labels'>,
  logarithmic: boolean,
): ChartLook {
  const { label } = tasks[task].figures.loss;
  const unit = lossUnit(task, labels);
  return {
    x: { label: 'Step', format: formatCount },
    y: { label: unit === '' ? label : `${label} (${unit})`, format: formatLoss, tick: formatSmall },
    logarithmic,
    compact: false,
  };
}

export type SmallChart = { title: string; figure: StepFigure; look: ChartLook };

const step = { label: 'Step', format: formatCompact };

/** The small charts below the loss. */
export const smallCharts: readonly SmallChart[] = [
  {
    title: 'Learning rate',
    figure: 'learningRate',
    look: {
      x: step,
      y: { label: 'Learning rate', format: formatSmall },
      logarithmic: false,
      compact: true,
    },
  },
  {
    title: 'Gradient norm, before clipping',
    figure: 'gradientNorm',
    look: {
      x: step,
      y: { label: 'Gradient norm', format: formatSmall },
      logarithmic: false,
      compact: true,
    },
  },
  {
    title: 'Speed, tokens per second',
    figure: 'tokensPerSecond',
    look: {
      x: step,
      y: { label: 'Tokens per second', format: formatCompact },
      logarithmic: false,
      compact: true,
    },
  },
];
