/** What is saved of compared runs: every point of theirs, and the table of what they came to. */
import { plainSpaces } from '../../shared/format.ts';
import type { Compared } from './compare-charts.ts';
import { differingSettings } from './config-diff.ts';
import { csvOf } from './csv.ts';
import { finalFigures } from './final-figures.ts';

type Field = string | number | null;

const pointHead = [
  ...['run', 'step', 'epoch', 'tokens', 'seconds_trained', 'loss', 'learning_rate'],
  ...['gradient_norm', 'tokens_per_second', 'validation_loss'],
];

/** A row for each step of each run; a validation stands at its step. */
export function pointsCsv(compared: readonly Pick<Compared, 'run' | 'live'>[]): string {
  return csvOf(pointRows(compared));
}

function* pointRows(compared: readonly Pick<Compared, 'run' | 'live'>[]): Generator<Field[]> {
  yield pointHead;
  for (const { run, live } of compared) {
    const validated = new Map(live.validations.map(({ step, loss }) => [step, loss]));
    for (let index = 0; index < live.steps.length; index += 1) {
      const point = live.steps.at(index);
      if (point === undefined) continue;
      const { step, epoch, tokens, elapsedSeconds, loss, learningRate } = point;
      const { gradientNorm, tokensPerSecond } = point;
      yield [
        ...[run.name, step, epoch, tokens, elapsedSeconds, loss, learningRate],
        ...[gradientNorm, tokensPerSecond, validated.get(step) ?? null],
      ];
      validated.delete(step);
    }
    // Of steps that have no point of their own.
    for (const [step, loss] of validated)
      yield [run.name, step, ...pointHead.slice(3).map(() => null), loss];
  }
}

/** A row for each run in this order of theirs: its figures as plain values, and the settings in which they differ. */
export function resultsCsv(compared: readonly Compared[], order: readonly number[]): string {
  const figures = finalFigures(compared);
  const settings = differingSettings(compared.map(({ run }) => run));
  const named = figures.map(({ label, unit }) => (unit === '' ? label : `${label} (${unit})`));
  const head = ['Run', ...named, ...settings.map(({ label }) => label)];
  const rows = order.map((at) => [
    compared[at]?.run.name ?? null,
    ...figures.map(({ values }) => values[at] ?? null),
    ...settings.map(({ values, numbers }) => numbers[at] ?? plainSpaces(values[at] ?? '')),
  ]);
  return csvOf([head, ...rows]);
}
