/** What a task says of a validation beside the loss: its figures in words, and their curves. */
import type { TaskReport, ValidationPoint } from '../../shared/contract/run-points.ts';
import { formatCount, formatPercent, formatSmall } from '../../shared/format.ts';
import { figureOf, type Figure, type TaskKind } from '../../shared/tasks.ts';
import type { ChartLook } from './chart-options.ts';
import type { ChartSeries } from './chart-series.ts';

export type FigureSaid = { name: string; label: string; help: string; value: string };

/** Every figure of the report that the task knows, in its order. */
export function sayFigures(task: TaskKind, { figures }: TaskReport): FigureSaid[] {
  return Object.entries(figures).flatMap(([name, value]) => {
    const figure = figureOf(task, name);
    if (figure === undefined) return [];
    return [{ name, label: figure.label, help: figure.help, value: formatFigure(figure, value) }];
  });
}

/** 'none' for a figure that says nothing, as the correlation of constant answers does. */
function formatFigure({ form }: Figure, value: number | null): string {
  if (value === null) return 'none';
  return form === 'share' ? formatPercent(value) : formatSmall(value);
}

export type FigureChart = { label: string; series: ChartSeries[]; look: ChartLook };

/** Of shares, and of a correlation. */
function limitOf({ better }: Figure): { most?: number } {
  return better === 'higher' ? { most: 1 } : {};
}

const colours = ['--green', '--blue', '--orange'] as const;

/** The figures over the steps: those in which higher is better in one chart, errors in another. */
export function figureCharts(
  task: TaskKind,
  validations: readonly ValidationPoint[],
): FigureChart[] {
  const names = new Set(validations.flatMap(({ report }) => Object.keys(report?.figures ?? {})));
  const known = [...names].flatMap((name) => {
    const figure = figureOf(task, name);
    return figure === undefined ? [] : [{ name, figure }];
  });
  const charts = (['higher', 'lower'] as const).map((better) =>
    known.filter(({ figure }) => figure.better === better),
  );
  return charts.flatMap((figures) => {
    const [first] = figures;
    if (first === undefined) return [];
    const series = figures.map(({ name, figure }, i): ChartSeries => {
      const points = validations.flatMap(({ step, report }) => {
        const y = report?.figures[name];
        return y === null || y === undefined ? [] : [{ x: step, y }];
      });
      return { label: figure.label, colour: colours[i] ?? '--green', look: 'marked', points };
    });
    const format = (value: number) => formatFigure(first.figure, value);
    const label = figures.map(({ figure }) => figure.label).join(', ');
    const look = {
      ...{
        x: { label: 'Step', format: formatCount, whole: true },
        y: { label, format, ...limitOf(first.figure) },
      },
      ...{ logarithmic: false, compact: true },
    };
    return [{ label, series, look }];
  });
}
