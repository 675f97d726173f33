/** Runs as lines through the settings in which they differ, to the loss that they came to. */
import type { RunRecord } from '../../shared/contract/records.ts';
import { formatLoss } from '../../shared/format.ts';
import { differingSettings, type DifferingRow } from './config-diff.ts';

export type LossKind = 'validation' | 'training';

/** Places go from 0, the foot of an axis, to 1, its top. */
export type ParallelAxis = {
  key: string;
  label: string;
  /** Of each run; null where it has none. */
  places: (number | null)[];
  /** What stands there in words, of each run. */
  said: string[];
  ticks: Tick[];
};
type Tick = { at: number; label: string };

/** Settings of what is only looked at: no number of the adapter depends on them. */
const lookedAt: readonly string[] = ['generalText', 'watched', 'answerEvery', 'answerTokens'];

/** From so many times the least on, values of an axis are as far apart as their logarithms. */
const wide = 20;
/** Labels of ticks that are nearer to each other than this share of an axis would lie over each other. */
const apart = 0.07;
/** More different values than this have a tick at both ends alone. */
const mostTicks = 6;

/** The loss of each run; null where it has none of this kind. */
export function lossesOf(runs: readonly RunRecord[], kind: LossKind): (number | null)[] {
  return runs.map(({ best, lastValidationLoss, lastLoss }) =>
    kind === 'training' ? lastLoss : (best?.loss ?? lastValidationLoss),
  );
}

/** An axis for each setting in which the runs learn differently, and that of the loss behind them. */
export function parallelAxes(
  runs: readonly RunRecord[],
  losses: readonly (number | null)[],
  kind: LossKind,
): ParallelAxis[] {
  const loss = {
    ...{ key: 'loss', label: kind === 'training' ? 'Last training loss' : 'Validation loss' },
    ...{ values: losses.map(formatLoss), numbers: [...losses] },
  };
  const settings = differingSettings(runs).filter(({ key }) => !lookedAt.includes(key));
  return [...settings, loss].map((row) => (isOfNumbers(row) ? numberAxis(row) : wordAxis(row)));
}

/** Whether all are numbers but what is not there. */
function isOfNumbers({ key, values, numbers }: DifferingRow): boolean {
  return key === 'loss' || values.every((value, at) => value === '–' || numbers[at] !== null);
}

function numberAxis({ key, label, values, numbers }: DifferingRow): ParallelAxis {
  const known = finite(numbers);
  const [least, most] = [Math.min(...known), Math.max(...known)];
  const byLog = least > 0 && most / least >= wide;
  const scale = byLog ? Math.log : (value: number) => value;
  const place = (value: number) =>
    most === least ? 0.5 : (scale(value) - scale(least)) / (scale(most) - scale(least));
  const places = numbers.map((value) =>
    value === null || !Number.isFinite(value) ? null : place(value),
  );
  const distinct = new Map(
    values.flatMap((said, at) => {
      const [value, to] = [numbers[at], places[at]];
      return typeof value === 'number' && typeof to === 'number'
        ? [[value, { at: to, label: said }]]
        : [];
    }),
  );
  const all = [...distinct.values()].sort((one, other) => one.at - other.at);
  const ticks = all.length <= mostTicks ? legible(all) : all.filter(isEnd);
  return { key, label: byLog ? `${label}, log scale` : label, places, said: values, ticks };
}

function isEnd({ at }: Tick): boolean {
  return at === 0 || at === 1;
}

/** The ticks whose labels have room, from the lowest on: those of the ends in any case. */
function legible(ticks: readonly Tick[]): Tick[] {
  const kept: Tick[] = [];
  for (const tick of ticks) {
    const near = (other: number) => Math.abs(tick.at - other) < apart;
    if (isEnd(tick) || !(near(1) || near(kept.at(-1)?.at ?? -1))) kept.push(tick);
  }
  return kept;
}

function finite(values: readonly (number | null)[]): number[] {
  return values.flatMap((value) => (value !== null && Number.isFinite(value) ? value : []));
}

/** Each word has a place of its own, in the order in which they come. */
function wordAxis({ key, label, values }: DifferingRow): ParallelAxis {
  const words = [...new Set(values)];
  const place = (word: string) =>
    words.length === 1 ? 0.5 : 1 - words.indexOf(word) / (words.length - 1);
  const ticks = words.map((word) => ({ at: place(word), label: word }));
  return { key, label, places: values.map(place), said: values, ticks };
}

/** From 0 for the highest of the losses to 1 for the lowest; null where there is none. */
export function goodness(losses: readonly (number | null)[]): (number | null)[] {
  const { places } = numberAxis({
    ...{ key: 'loss', label: '', values: losses.map(formatLoss), numbers: [...losses] },
  });
  return places.map((place) => (place === null ? null : 1 - place));
}

/** Index of the first of the lowest losses; null where there is none. */
export function lowestOf(losses: readonly (number | null)[]): number | null {
  const known = finite(losses);
  return known.length === 0 ? null : losses.indexOf(Math.min(...known));
}

/** 'Learning rate 0.001, Rank 8, Validation loss 0.420' */
export function sayLine(axes: readonly ParallelAxis[], run: number): string {
  return axes
    .map(({ label, said }) => `${label.replace(', log scale', '')} ${said[run] ?? ''}`)
    .join(', ');
}
