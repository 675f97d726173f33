/** The search for a learning rate in the form: what was typed, and the curves of what was tried. */
import type { RateTrial, TriedRate } from '../../shared/contract/rate-search.ts';
import { formatCount, formatLoss, formatSmall } from '../../shared/format.ts';
import { mostTrials, trialsOf } from '../../shared/rate-search.ts';
import type { ChartLook } from './chart-options.ts';
import type { ChartSeries } from './chart-series.ts';
import { smooth } from './smooth.ts';

/** 'the first 40 steps' */
export function sayFirst(steps: number): string {
  return steps === 1 ? 'the first step' : `the first ${formatCount(steps)} steps`;
}

/** Numbers above 0 with commas or spaces between; null where something else was typed. */
export function readNumbers(text: string): number[] | null {
  const numbers = text.split(/[\s,;]+/).filter((part) => part !== '');
  const read = numbers.map(Number);
  return read.every((number) => Number.isFinite(number) && number > 0) ? read : null;
}

export type Trials = { ok: true; trials: RateTrial[] } | { ok: false; problem: string };

/** The trials of what was typed; without alphas that of the form. */
export function typedTrials(rates: string, alphas: string, alpha: number | null): Trials {
  const typed = [readNumbers(rates), readNumbers(alphas)] as const;
  const [ofRates, ofAlphas] = typed;
  if (ofRates === null || ofAlphas === null || ofRates.length === 0)
    return { ok: false, problem: 'Numbers above 0 with commas between, such as 1e-4, 2e-4.' };
  const trials = trialsOf(ofRates, ofAlphas.length > 0 ? ofAlphas : alpha === null ? [] : [alpha]);
  if (trials.length === 0) return { ok: false, problem: 'The alpha above is missing.' };
  if (trials.length <= mostTrials) return { ok: true, trials };
  const many = `${trials.length} trials, and at most ${mostTrials} are made at once.`;
  return { ok: false, problem: `These make ${many}` };
}

/** '5.0e−4', or with the alpha where several are tried. */
export function sayTrial({ learningRate, alpha }: RateTrial, trials: readonly RateTrial[]): string {
  const several = trials.some((other) => other.alpha !== alpha);
  return several
    ? `${formatSmall(learningRate)}, alpha ${formatSmall(alpha)}`
    : formatSmall(learningRate);
}

/** Of each step that lies behind, twice as much as of the one after the next: fifty steps have little to spare. */
const smoothing = 0.7;

/** A curve for each trial, over its steps from 1. */
export function trialCurves(
  trials: readonly RateTrial[],
  losses: readonly (readonly number[])[],
): ChartSeries[] {
  return trials.flatMap((trial, index) => {
    const of = losses[index] ?? [];
    if (of.length === 0) return [];
    const values = smooth(Float64Array.from(of), smoothing);
    return {
      label: sayTrial(trial, trials),
      colour: `--series-${index + 1}`,
      look: 'line',
      points: Array.from(values, (y, step) => ({ x: step + 1, y })),
    };
  });
}

/** Whatever diverges leaves the picture, in which the others are to be told apart. */
export function trialLook(losses: readonly (readonly number[])[]): ChartLook {
  const first = Math.max(0, ...losses.flatMap(([loss]) => loss ?? []));
  return {
    x: { label: 'Step', format: formatCount, whole: true },
    y: {
      label: 'Training loss, smoothed',
      format: formatLoss,
      tick: formatSmall,
      ...(first > 0 && { most: 1.2 * first }),
    },
    logarithmic: false,
    compact: false,
  };
}

/** The loss of a trial, or why it has none. */
export function sayTried({ loss, problem }: TriedRate): string {
  if (loss !== null) return formatLoss(loss);
  return problem === null ? '–' : `ended: ${problem.what}`;
}
