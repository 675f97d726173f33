/** What runs came to, for the table of the Compare page. */
import type { Compared } from './compare-charts.ts';
import {
  formatBytes,
  formatCompact,
  formatDuration,
  formatLoss,
  formatRate,
  formatTaskFigure,
} from '../../shared/format.ts';
import { forgotten, formatForgotten } from '../../shared/say-forgetting.ts';
import { figureOf, type Figure } from '../../shared/tasks.ts';
import { runStates } from './run-words.ts';

export type FigureRow = {
  label: string;
  values: string[];
  /** Index of the best value, where one is best, and what makes it so. */
  best: number | null;
  better: Figure['better'];
};

const missing = '–';

/** Rows of final figures, a value per run in their order; losses and the figures of tasks show which is best. */
export function finalFigures(compared: readonly Compared[]): FigureRow[] {
  const row = (label: string, say: (one: Compared) => string): FigureRow => ({
    label,
    values: compared.map(say),
    best: null,
    better: 'lower',
  });
  const loss = (label: string, read: (one: Compared) => number | null): FigureRow => {
    const losses = compared.map(read);
    return {
      label,
      values: losses.map(formatLoss),
      best: bestAt(losses, 'lower'),
      better: 'lower',
    };
  };
  return [
    row('State', ({ run }) => runStates[run.state].label),
    loss('Last training loss', ({ run }) => run.lastLoss),
    loss('Last validation loss', ({ run }) => run.lastValidationLoss),
    loss('Lowest validation loss', ({ live }) =>
      live.validations.reduce<number | null>(
        (low, { loss: value }) => (low === null || value < low ? value : low),
        null,
      ),
    ),
    ...taskFigures(compared),
    ...forgettingRow(compared),
    row('Steps', ({ run }) => formatCompact(run.step)),
    row('Tokens', ({ live }) => say(live.steps.at(-1)?.tokens, formatCompact)),
    row('Training time', ({ live }) => say(live.steps.at(-1)?.elapsedSeconds, formatDuration)),
    row('Speed over all', ({ live }) => {
      const last = live.steps.at(-1);
      return last && last.elapsedSeconds > 0
        ? formatRate(last.tokens / last.elapsedSeconds)
        : missing;
    }),
    row('Trainable parameters', ({ run }) => say(run.trainableParameters, formatCompact)),
    row('Peak memory', ({ run }) => say(run.peakMemoryBytes, formatBytes)),
  ];
}

/** Nats per token by which a general text is harder than for the base alone; nothing where no run has measured it. */
function forgettingRow(compared: readonly Compared[]): FigureRow[] {
  const all = compared.map(({ run }) => run.forgetting);
  if (all.every((each) => each === null)) return [];
  const numbers = all.map((each) => each && forgotten(each));
  const values = all.map(formatForgotten);
  // Of several texts none is the measure of the others.
  const oneText = new Set(all.flatMap((each) => (each ? [each.path] : []))).size === 1;
  const best = oneText ? bestAt(numbers, 'lower') : null;
  return [{ label: 'Forgetting, nats', values, best, better: 'lower' }];
}

function say(value: number | null | undefined, format: (value: number) => string): string {
  return value === null || value === undefined ? missing : format(value);
}

/** What the tasks of the runs have to say of their last validation, a row for each figure that one of them has. */
function taskFigures(compared: readonly Compared[]): FigureRow[] {
  const found = compared.map(({ run, live }) => ({
    task: run.config.task,
    figures: live.validations.at(-1)?.report?.figures ?? {},
  }));
  const known = new Map(
    found.flatMap(({ task, figures }) =>
      Object.keys(figures).flatMap((name) => {
        const figure = figureOf(task, name);
        return figure ? [[name, figure] as const] : [];
      }),
    ),
  );
  return [...known].map(([name, figure]): FigureRow => {
    const numbers = found.map(({ figures }) => figures[name] ?? null);
    const { label, better } = figure;
    const values = numbers.map((value) => formatTaskFigure(figure, value));
    return { label: `${label}, last validation`, values, best: bestAt(numbers, better), better };
  });
}

/** Index of the best value, where at least two are there to compare. */
function bestAt(values: readonly (number | null)[], better: Figure['better']): number | null {
  const present = values.flatMap((value) =>
    value !== null && Number.isFinite(value) ? value : [],
  );
  if (present.length < 2) return null;
  return values.indexOf(better === 'lower' ? Math.min(...present) : Math.max(...present));
}
