/** `lorikeet train --find-lr`: tries learning rates, tells how they did, and gives the run with the best. */
import type { RateSearch, TriedRate } from '../shared/contract/rate-search.ts';
import type { TrainingConfig } from '../shared/contract/training-config.ts';
import { lorikeetError } from '../shared/errors/lorikeet-error.ts';
import {
  bestTrial,
  cautions,
  edgeOf,
  mostTrials,
  sayMeasure,
  trialsOf,
  usualRates,
} from '../shared/rate-search.ts';
import { renderTable } from './table.ts';
import type { TrainingOptions } from './training-options.ts';
import type { Work } from './work.ts';

type Asked = Pick<TrainingOptions, 'findLr' | 'rates' | 'alphas' | 'alpha'>;

function trialsFor({ rates = [...usualRates], alphas }: Asked, alpha: number) {
  return trialsOf(rates, alphas ?? [alpha]);
}

/** What is wrong with the options of a search, as a sentence; null where all is well. */
export function wrongSearch(asked: Asked): string | null {
  const { findLr, rates, alphas, alpha } = asked;
  if (!findLr && (rates ?? alphas) !== undefined) return '--rates and --alphas are about --find-lr';
  const count = trialsFor(asked, alpha).length;
  if (count <= mostTrials) return null;
  return `--rates and --alphas make ${count} trials, and at most ${mostTrials} are made at once`;
}

/**
 * Searches, tells what came of it, and gives the configuration with the best rate and alpha.
 * Errors: train/no-rate, and those of `train.search`.
 */
export async function findRate(
  work: Work,
  config: TrainingConfig,
  asked: Asked,
): Promise<TrainingConfig> {
  const search = await work.engine.call(
    'train.search',
    { config, trials: trialsFor(asked, config.lora.alpha) },
    {
      signal: work.signal,
      onEvent: (event) => {
        // The steps of each trial would overtake each other.
        if (event.kind !== 'variant') work.show(event);
      },
    },
  );
  const index = bestTrial(search.trials);
  const best = search.trials[index ?? -1];
  const found = best && { learningRate: best.learningRate, alpha: best.alpha };
  const told = { ...search, best: found ?? null, edge: edgeOf(search.trials) };
  work.output.result({ search: told }, () => describeSearch(search, index, config));
  for (const caution of cautions(search)) work.output.note(caution);
  if (!found)
    throw lorikeetError('train/no-rate', { rates: search.trials.map((each) => each.learningRate) });
  const { learningRate, alpha } = found;
  return { ...config, learningRate, lora: { ...config.lora, alpha } };
}

/** The table of what was tried, and the options that take the best. */
function describeSearch(search: RateSearch, best: number | null, config: TrainingConfig): string {
  const { trials, steps, totalSteps } = search;
  const alphas = new Set(trials.map(({ alpha }) => alpha)).size > 1;
  const rows = trials.map((trial, index) => [
    String(trial.learningRate),
    ...(alphas ? [String(trial.alpha)] : []),
    sayLoss(trial),
    index === best ? 'best' : '',
  ]);
  const header = ['Learning rate', ...(alphas ? ['Alpha'] : []), sayMeasure(search), ''];
  const found = trials[best ?? -1];
  const alpha = found && found.alpha !== config.lora.alpha ? ` --alpha ${found.alpha}` : '';
  return [
    renderTable(header, rows),
    `Tried over the first ${steps} of ${totalSteps} steps.`,
    ...(found ? [`The best: --learning-rate ${found.learningRate}${alpha}`] : []),
  ].join('\n');
}

function sayLoss({ loss, problem }: TriedRate): string {
  return loss === null ? (problem?.what ?? '') : loss.toFixed(4);
}
