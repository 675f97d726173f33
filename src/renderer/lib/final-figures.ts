/** What runs came to, for the table of the Compare page. */
import type { Compared } from './compare-charts.ts';
import {
  formatBytes,
  formatCompact,
  formatCount,
  formatDuration,
  formatLoss,
  formatRate,
  formatTaskFigure,
} from '../../shared/format.ts';
import { forgotten, formatForgotten } from '../../shared/say-forgetting.ts';
import { figureOf, type Figure } from '../../shared/tasks.ts';
import { runStates } from './run-words.ts';

/** A figure of every run, in their order; null where a run has none. */
export type FinalFigure = {
  label: string;
  /** Of the plain values: 's', 'bytes'; '' where the label says it. */
  unit: string;
  /** As they are, for sorting and for files. */
  values: (number | string | null)[];
  /** As a person reads them. */
  said: string[];
  /** Index of the best value, where one is best, and what makes it so. */
  best: number | null;
  better: Figure['better'];
};

const missing = '–';

/** Losses and the figures of tasks show which is best. */
export function finalFigures(compared: readonly Compared[]): FinalFigure[] {
  const figure = (
    [label, unit]: readonly [string, string],
    read: (one: Compared) => number | null | undefined,
    format: (value: number) => string,
  ): FinalFigure => {
    const values = compared.map((one) => read(one) ?? null);
    const said = values.map((value) => (value === null ? missing : format(value)));
    return { label, unit, values, said, best: null, better: 'lower' };
  };
  const loss = (label: string, read: (one: Compared) => number | null): FinalFigure => {
    const losses = figure([label, ''], read, formatLoss);
    return { ...losses, best: bestAt(compared.map(read), 'lower') };
  };
  const states = compared.map(({ run }) => runStates[run.state].label);
  return [
    { label: 'State', unit: '', values: states, said: states, best: null, better: 'lower' },
    loss('Last training loss', ({ run }) => run.lastLoss),
    loss('Last validation loss', ({ run }) => run.lastValidationLoss),
    loss('Lowest validation loss', (one) => lowest(one)?.loss ?? null),
    figure(['Step of the lowest', ''], (one) => lowest(one)?.step, formatCount),
    ...taskFigures(compared),
    ...forgettingFigure(compared),
    figure(['Steps', ''], ({ run }) => run.step, formatCompact),
    figure(['Tokens', ''], ({ live }) => live.steps.at(-1)?.tokens, formatCompact),
    figure(['Training time', 's'], ({ live }) => live.steps.at(-1)?.elapsedSeconds, formatDuration),
    figure(['Speed over all', 'tokens/s'], speed, formatRate),
    figure(['Trainable parameters', ''], ({ run }) => run.trainableParameters, formatCompact),
    figure(['Peak memory', 'bytes'], ({ run }) => run.peakMemoryBytes, formatBytes),
  ];
}

/** The validation with the lowest loss; null where there was none. */
function lowest({ live }: Compared): { step: number; loss: number } | null {
  return live.validations.reduce<{ step: number; loss: number } | null>(
    (low, { step, loss }) => (low === null || loss < low.loss ? { step, loss } : low),
    null,
  );
}

/** Nats per token by which a general text is harder than for the base alone; nothing where no run has measured it. */
function forgettingFigure(compared: readonly Compared[]): FinalFigure[] {
  const all = compared.map(({ run }) => run.forgetting);
  if (all.every((each) => each === null)) return [];
  const values = all.map((each) => each && forgotten(each));
  const said = all.map(formatForgotten);
  // Of several texts none is the measure of the others.
  const oneText = new Set(all.flatMap((each) => (each ? [each.path] : []))).size === 1;
  const best = oneText ? bestAt(values, 'lower') : null;
  return [{ label: 'Forgetting, nats', unit: '', values, said, best, better: 'lower' }];
}

/** Tokens a second; null before the first step. */
function speed({ live }: Compared): number | null {
  const last = live.steps.at(-1);
  return last && last.elapsedSeconds > 0 ? last.tokens / last.elapsedSeconds : null;
}

/** What the tasks of the runs have to say of their last validation, each figure that one of them has. */
function taskFigures(compared: readonly Compared[]): FinalFigure[] {
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
  return [...known].map(([name, figure]): FinalFigure => {
    const values = found.map(({ figures }) => figures[name] ?? null);
    const { label, better, unit } = figure;
    const said = values.map((value) => formatTaskFigure(figure, value));
    return {
      ...{ label: `${label}, last validation`, unit, values, said },
      ...{ best: bestAt(values, better), better },
    };
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
