/** What runs came to, for the table of the Compare page. */
import type { Compared } from './compare-charts.ts';
import {
  formatBytes,
  formatCompact,
  formatDuration,
  formatLoss,
  formatRate,
} from '../../shared/format.ts';
import { runStates } from './run-words.ts';

export type FigureRow = {
  label: string;
  values: string[];
  /** Index of the best value, where one is best. */ best: number | null;
};

const missing = '–';

/** Rows of final figures, a value per run in their order; losses show which is lowest. */
export function finalFigures(compared: readonly Compared[]): FigureRow[] {
  const row = (label: string, say: (one: Compared) => string): FigureRow => ({
    label,
    values: compared.map(say),
    best: null,
  });
  const loss = (label: string, read: (one: Compared) => number | null): FigureRow => {
    const losses = compared.map(read);
    return { label, values: losses.map(formatLoss), best: lowest(losses) };
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

function say(value: number | null | undefined, format: (value: number) => string): string {
  return value === null || value === undefined ? missing : format(value);
}

/** Index of the lowest value, where at least two are there to compare. */
function lowest(values: readonly (number | null)[]): number | null {
  const present = values.filter((value) => value !== null && Number.isFinite(value));
  if (present.length < 2) return null;
  return values.indexOf(Math.min(...present.flatMap((value) => value ?? [])));
}
