/** `train.search`: the beginning of a run with several learning rates at once, to see which learns best. No adapter is written. */
import type {
  EngineContext,
  EngineEvent,
  EngineRequest,
  EngineResponse,
} from '../../../shared/contract/engine.ts';
import type { RateTrial, TriedRate } from '../../../shared/contract/rate-search.ts';
import type { TrainingConfig } from '../../../shared/contract/training-config.ts';
import { LorikeetError, lorikeetError } from '../../../shared/errors/lorikeet-error.ts';
import { localDate } from '../../../shared/local-date.ts';
import { memoryFit } from '../../../shared/memory-fit.ts';
import { lossesMeasured, searched, searchSteps } from '../../../shared/rate-search.ts';
import type { Block } from '../batch/block.ts';
import { runTraining } from '../train/run.ts';
import type { Trainer } from '../train/trainer.ts';
import { endShort } from './go-leaner.ts';
import type { HeldTraining } from './held-training.ts';
import { newTrainer } from './new-trainer.ts';
import { tellAll } from './open-model.ts';
import { withTraining } from './open-training.ts';
import { refuseIdle } from './refuse-idle.ts';
import { refusalOf } from './refuse-too-large.ts';
import { spread } from './spread.ts';

/** What is the same in every trial. */
type Search = {
  config: TrainingConfig;
  date: string;
  steps: number;
  totalSteps: number;
  epochs: number;
  /** On which a trial is measured; none for its training losses. */
  validation: Block[];
  context: EngineContext;
};

const phase = 'Trying learning rates';

/**
 * Each trial is the run itself, with its data, seed, warm-up and schedule, up to a few steps after the warm-up; events come inside
 * `variant` events. Trials that do not fit into memory together are made one group after another.
 * Errors: engine/cancelled, train/too-large, train/memory-ran-out, and those of `train.estimate`.
 */
export async function searchRate(
  { config, trials }: EngineRequest<'train.search'>,
  context: EngineContext,
  fits = fitsWell,
): Promise<EngineResponse<'train.search'>> {
  refuseIdle([config]);
  const search = await prepareSearch(searched(config), context);
  const tried: TriedRate[] = [];
  let size = trials.length;
  while (tried.length < trials.length) {
    const group = trials.slice(tried.length, tried.length + size);
    const rounds = { before: Math.ceil(tried.length / size), all: Math.ceil(trials.length / size) };
    const found = await tryTogether(search, group, tried.length, rounds, fits);
    if (found === null) size = Math.ceil(group.length / 2);
    else tried.push(...found);
  }
  const { steps, totalSteps, epochs, validation } = search;
  const measure = validation.length > 0 ? 'validation' : 'training';
  const measuredOver = validation.length > 0 ? validation.length : lossesMeasured(steps);
  return { trials: tried, steps, totalSteps, epochs, measure, measuredOver };
}

function fitsWell({
  held,
  free,
}: {
  held: Pick<HeldTraining, 'memory' | 'options'>;
  free: number;
}): boolean {
  return memoryFit(held.memory().totalBytes, free) === 'fits';
}

/** Opens the run by itself: the form in which it would hold its base is that of every trial. */
async function prepareSearch(config: TrainingConfig, context: EngineContext): Promise<Search> {
  const date = config.date ?? localDate();
  return withTraining([config], date, context, (training) => {
    const refusal = refusalOf(training);
    if (refusal) throw new LorikeetError(refusal);
    const [run] = training.runs;
    if (!run) throw new RangeError('a configuration without a run');
    const { base, options } = training.held;
    tellAll(context, [...training.notices.base, ...training.notices.others, ...run.notices]);
    const { totalSteps, stepsPerEpoch } = run.plan;
    const steps = searchSteps(config.warmupSteps, totalSteps);
    // No more than is trained on: it takes a third of the time then.
    const most = steps * config.batchSize * config.gradientAccumulation;
    return {
      config: {
        ...config,
        base: base.form,
        doubleQuant: base.doubleQuant,
        precision: options.computeType,
      },
      ...{ date, steps, totalSteps, epochs: steps / stepsPerEpoch, context },
      validation: spread(run.data.validation, most),
    };
  });
}

/** Null where they do not get their memory together; a trial by itself may fail for it. */
function tryTogether(
  search: Search,
  group: readonly RateTrial[],
  first: number,
  rounds: { before: number; all: number },
  fits: typeof fitsWell,
): Promise<TriedRate[] | null> {
  const { config, date, steps, context } = search;
  const configs = group.map(({ learningRate, alpha }) => ({
    ...{ ...config, learningRate, lora: { ...config.lora, alpha } },
  }));
  const quiet = { emit: () => undefined };
  return withTraining(configs, date, quiet, async (training) => {
    if (group.length > 1 && !fits(training)) return null;
    const losses = group.map((): number[] => []);
    const enough = new AbortController();
    const hear = (index: number) => (event: EngineEvent) => {
      if (event.kind !== 'step') return;
      const { step, loss, elapsedSeconds } = event.point;
      const isFirst = losses.every(({ length }) => length < step);
      losses[index]?.push(loss);
      const secondsLeft = (elapsedSeconds / step) * (steps - step);
      const point = { ...event.point, totalSteps: steps, secondsLeft };
      context.emit({ kind: 'variant', variant: first + index, event: { kind: 'step', point } });
      if (isFirst) tellSteps(context, rounds, step, steps);
      if (step === steps) enough.abort();
    };
    const runs = training.runs.map((run, index) => ({
      // They are validated once, at the end.
      ...{ ...run, data: { ...run.data, validation: [] }, emit: hear(index) },
    }));
    const trainer = newTrainer(training, { configs, state: null }, runs, context);
    try {
      const signal = AbortSignal.any([context.signal, enough.signal]);
      const end = await runTraining(trainer, runs, { signal });
      if (context.signal.aborted) throw lorikeetError('engine/cancelled', { work: 'The search' });
      if (end.kind === 'short' && group.length > 1) return null;
      const { problem } = end.kind === 'short' ? endShort(end) : { problem: null };
      if (problem) throw new LorikeetError(problem);
      return group.map((trial, index): TriedRate => {
        const ended = end.endings[index]?.problem ?? null;
        if (ended) return { ...trial, loss: null, problem: ended };
        return measured(trial, lossOf(search, trainer, index, losses[index] ?? []), steps);
      });
    } finally {
      trainer.dispose();
    }
  });
}

function tellSteps(
  { emit }: EngineContext,
  { before, all }: { before: number; all: number },
  done: number,
  steps: number,
): void {
  emit({ kind: 'progress', phase, done: before * steps + done, total: all * steps });
}

function lossOf(
  { validation, steps }: Search,
  trainer: Trainer,
  index: number,
  losses: readonly number[],
): number {
  if (validation.length > 0) return trainer.evaluate(validation, index).loss;
  const last = losses.slice(-lossesMeasured(steps));
  return last.reduce((sum, loss) => sum + loss, 0) / last.length;
}

function measured(trial: RateTrial, loss: number, step: number): TriedRate {
  if (Number.isFinite(loss)) return { ...trial, loss, problem: null };
  const details = { step, loss, gradientNorm: NaN, routerLoss: 0, module: null };
  return { ...trial, loss: null, problem: lorikeetError('train/loss-not-finite', details).problem };
}
