/** The search for a learning rate: what is tried, how long, and which is best. */
import type { RateSearch, RateTrial, TriedRate } from './contract/rate-search.ts';
import type { TrainingConfig } from './contract/training-config.ts';
import { trainingDefaults } from './contract/training-defaults.ts';
import { howMany } from './how-many.ts';

/** So many are tried at once at most: each has rows of its own in every batch. */
export const mostTrials = 8;

/** Round rates, each two to two and a half times the one before. */
export const usualRates: readonly number[] = [5e-5, 1e-4, 2e-4, 5e-4, 1e-3, 2e-3];

/** How many steps a trial has after its warm-up: before it ends a rate is not reached. */
const stepsAtRate = 40;

/**
 * Losses that are closer than this share of the lower one count as equal. The smaller rate is then the better one: it is further
 * from diverging, and forgets less.
 */
const equalWithin = 1e-3;

/** The run as it is searched with: nothing is asked and no forgetting is measured, on which no loss depends. */
export function searched(config: TrainingConfig): TrainingConfig {
  const { answerEvery, answerTokens } = trainingDefaults;
  return {
    ...{ ...config, answerEvery, answerTokens },
    ...{ generalText: { kind: 'off' }, watched: { kind: 'off' } },
  };
}

/** Steps of each trial: the beginning of the run until its rate has been reached for a while. */
export function searchSteps(warmupSteps: number, totalSteps: number): number {
  return Math.min(totalSteps, warmupSteps + stepsAtRate);
}

/** Over how many of the last training losses a trial is measured where there is no validation data. */
export function lossesMeasured(steps: number): number {
  return Math.max(1, Math.ceil(steps / 4));
}

/** Each rate with each alpha, from the smallest step to the largest. */
export function trialsOf(rates: readonly number[], alphas: readonly number[]): RateTrial[] {
  return inOrder(rates).flatMap((learningRate) =>
    inOrder(alphas).map((alpha) => ({ learningRate, alpha })),
  );
}

/** Each once, the smallest first. */
function inOrder(values: readonly number[]): number[] {
  return [...new Set(values)].sort((a, b) => a - b);
}

/** The index of the best: that of the lowest loss, or among equals the smallest rate; null where none came to its end. */
export function bestTrial(trials: readonly TriedRate[]): number | null {
  const found = trials.flatMap(({ loss, ...trial }, index) =>
    loss === null ? [] : [{ ...trial, loss, index }],
  );
  const lowest = Math.min(...found.map(({ loss }) => loss));
  const [best] = found
    .filter(({ loss }) => loss <= lowest * (1 + equalWithin))
    .sort((a, b) => a.learningRate - b.learningRate || a.alpha - b.alpha);
  return best?.index ?? null;
}

/** Where the best rate is the smallest or the largest that was tried, so that a better one may lie outside; else null. */
export function edgeOf(trials: readonly TriedRate[]): 'lowest' | 'highest' | null {
  const best = trials[bestTrial(trials) ?? -1]?.learningRate;
  const rates = trials.map(({ learningRate }) => learningRate);
  const [least, most] = [Math.min(...rates), Math.max(...rates)];
  if (best === undefined || least === most) return null;
  if (best === least) return 'lowest';
  return best === most ? 'highest' : null;
}

/** As many rates again, which go on from the smallest or the largest with one of them in both searches. */
export function widened(rates: readonly number[], edge: 'lowest' | 'highest'): number[] {
  const sorted = inOrder(rates);
  const [least = 0, most = 0] = [sorted[0], sorted.at(-1)];
  const factor = edge === 'lowest' ? least / most : most / least;
  return sorted.map((rate) => Number((rate * factor).toPrecision(2)));
}

/** What the losses are, for a heading: 'Validation loss after 50 steps'. There is always one step at least. */
export function sayMeasure({ measure, measuredOver, steps }: RateSearch): string {
  if (measure === 'validation') return `Validation loss after ${howMany(steps, 'step')}`;
  if (measuredOver > 1) return `Mean training loss of the last ${measuredOver} of ${steps} steps`;
  return steps > 1 ? `Training loss of the last of ${steps} steps` : 'Training loss of the only step';
}

/** What a person should know before taking the best, in sentences. */
export function cautions(search: RateSearch): string[] {
  const edge = edgeOf(search.trials);
  const { measure, epochs } = search;
  return [
    ...(edge === null
      ? []
      : [
          `The best is the ${edge === 'lowest' ? 'smallest' : 'largest'} rate that was tried: a better one may lie ${edge === 'lowest' ? 'below' : 'above'}. Widen the search.`,
        ]),
    ...(measure === 'training' && epochs > 1
      ? [
          'The search went through the data more than once, where training losses favour rates that memorise. Validation data would tell better.',
        ]
      : []),
  ];
}
