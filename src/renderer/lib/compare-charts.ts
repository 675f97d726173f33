/** The curves of the Compare page. */
import { tasks } from '../../shared/tasks.ts';
import type { RunRecord } from '../../shared/contract/records.ts';
import type { ValidationPoint } from '../../shared/contract/run-points.ts';
import type { ChartLook } from './chart-options.ts';
import type { ChartSeries } from './chart-series.ts';
import { stepCurve, validationCurve } from './curves.ts';
import { formatLoss, formatSmall } from '../../shared/format.ts';
import type { RunLook } from './run-looks.ts';
import type { Steps } from './step-series.ts';
import { xAxes, type XAxis } from './x-axes.ts';

export type CompareFigure = 'loss' | 'validation';
export type Compared = RunLook & {
  run: RunRecord;
  live: { readonly steps: Steps; readonly validations: readonly ValidationPoint[] };
};

/** A curve a run; where there are only two or one, the raw curve lies faintly behind the smoothed one. */
export function compareSeries(
  compared: readonly Compared[],
  figure: CompareFigure,
  axis: XAxis,
  smoothing: number,
): ChartSeries[] {
  return compared.flatMap(({ run, colour, dash, live }): ChartSeries[] => {
    if (figure === 'validation') {
      const points = validationCurve(live.validations, live.steps, axis);
      return points.length === 0 ? [] : [{ label: run.name, colour, dash, look: 'marked', points }];
    }
    const line: ChartSeries = {
      label: run.name,
      colour,
      dash,
      look: 'line',
      ...stepCurve(live.steps, 'loss', { axis, smoothing }),
    };
    if (compared.length > 2 || smoothing === 0) return [line];
    const raw = stepCurve(live.steps, 'loss', { axis });
    return [{ label: `${run.name}, raw`, colour, look: 'faint', ...raw }, line];
  });
}

/** How the chart looks; a unit stands there where all runs have the same. */
export function compareLook(
  compared: readonly Compared[],
  figure: CompareFigure,
  axis: XAxis,
  logarithmic: boolean,
): ChartLook {
  const label = figure === 'loss' ? 'Training loss' : 'Validation loss';
  const units = new Set(compared.map(({ run }) => tasks[run.config.task].figures.loss.unit));
  const [unit = ''] = units.size === 1 ? units : [];
  return {
    x: xAxes[axis],
    y: {
      label: unit === '' ? label : `${label} (${unit})`,
      format: formatLoss,
      tick: formatSmall,
    },
    logarithmic,
    compact: false,
  };
}
