/** `train` and `train.variants`: from configurations and files to adapters. */
import type {
  EngineContext,
  EngineRequest,
  EngineResponse,
  TrainOutcome,
} from '../../../shared/contract/engine.ts';
import type { TrainingConfig } from '../../../shared/contract/training-config.ts';
import { localDate } from '../../../shared/local-date.ts';
import { LorikeetError, toProblem } from '../../../shared/errors/lorikeet-error.ts';
import { checkOutputFolder } from '../export/output-folder.ts';
import { adapterOf, type AdapterSettings } from '../lora/adapter-bank.ts';
import { relativeLearningRates } from '../lora/learning-rates.ts';
import { beginOrigins } from '../origin/training-origin.ts';
import type { Task } from '../task/task.ts';
import { notingLosses } from '../train/last-losses.ts';
import type { PreparedRun } from '../train/prepare.ts';
import { runTraining } from '../train/run.ts';
import type { TrainingRun } from '../train/run-progress.ts';
import { Trainer } from '../train/trainer.ts';
import { tellAll, tellWeights } from './open-model.ts';
import { withTraining, type OpenTraining } from './open-training.ts';
import { saveTrained } from './save-trained.ts';
import { startParameters } from './start-parameters.ts';

export async function train(
  request: EngineRequest<'train'>,
  context: EngineContext,
): Promise<EngineResponse<'train'>> {
  const [outcome] = await trainAll([request], context, () => context.emit);
  if (!outcome) throw new RangeError('a run without an outcome');
  if (outcome.kind === 'failed') throw new LorikeetError(outcome.problem);
  return outcome;
}

/** `train.variants`: several adapters at once over one base. */
export function trainVariants(
  { variants }: EngineRequest<'train.variants'>,
  context: EngineContext,
): Promise<EngineResponse<'train.variants'>> {
  return trainAll(variants, context, (variant) => (event) => {
    context.emit({ kind: 'variant', variant, event });
  });
}

async function trainAll(
  requests: readonly EngineRequest<'train'>[],
  context: EngineContext,
  emitterOf: (variant: number) => EngineContext['emit'],
): Promise<TrainOutcome[]> {
  for (const { output } of requests) await checkOutputFolder(output);
  const configs = requests.map(({ config }) => config);
  const date = configs.find((config) => config.date !== undefined)?.date ?? localDate();
  return withTraining(configs, date, context, async (training) => {
    const { architecture, learnt, held } = training;
    const { task, labels } = learnt;
    const { base, checkpoint, options } = held;
    const runs = training.runs.map((run, index) => ({ ...run, ...notingLosses(emitterOf(index)) }));
    for (const run of runs) tellPrepared(run, training);
    const ended = new AbortController();
    const tell = (text: string) => {
      tellAll(context, [text]);
    };
    const originOf = beginOrigins(configs, checkpoint, tell, ended.signal);
    const trainer = newTrainer(training, configs, runs, context);
    try {
      const endings = await runTraining(trainer, runs, context.signal);
      const parameters = trainer.parameters();
      const outcomes: TrainOutcome[] = [];
      for (const [index, request] of requests.entries()) {
        const { form, doubleQuant } = base;
        const config = { ...request.config, date, base: form, doubleQuant };
        const { steps, problem } = endings[index] ?? { steps: 0, problem: null };
        const run = runs[index];
        const placed = options.layout.adapters[index];
        if (!run || !placed) throw new RangeError('a run without an adapter');
        if (problem) {
          outcomes.push({ kind: 'failed', problem });
          continue;
        }
        const settings = adapterSettings(config, task);
        const adapter = adapterOf(placed, parameters, settings, labels);
        try {
          const { trainableParameters, totalParameters } = run;
          const stopped = steps < run.plan.totalSteps;
          const origin = originOf(config, { steps, stopped, ...run.losses });
          const asked = { ...request, config };
          const saved = await saveTrained(asked, adapter, architecture, origin, run.emit);
          const counts = { trainableParameters, totalParameters };
          const none = { early: false, best: null, last: null };
          outcomes.push({
            kind: 'trained',
            result: { ...saved, stopped, steps, ...counts, ...none },
          });
        } catch (thrown) {
          // The adapters after it are still to be written.
          outcomes.push({ kind: 'failed', problem: toProblem(thrown) });
        }
      }
      return outcomes;
    } finally {
      ended.abort();
      trainer.dispose();
    }
  });
}

function tellPrepared(
  { data, plan, emit, ...run }: PreparedRun & TrainingRun,
  { learnt: { labels, pairs }, held, notices }: OpenTraining,
): void {
  const { trainableParameters, totalParameters } = run;
  emit({
    kind: 'prepared',
    ...{ trainableParameters, totalParameters, totalSteps: plan.totalSteps },
    labels: labels && { ...labels, names: [...labels.names], pairs },
    base: held.base,
  });
  tellAll({ emit }, [...notices.base, ...notices.others, ...data.notices]);
}

/** PiSSA and OLoRA end as plain LoRA of twice the rank: see `frozenRank`. */
function adapterSettings({ model, lora }: TrainingConfig, { peftType }: Task): AdapterSettings {
  const doubled = lora.init === 'pissa' || lora.init === 'olora' ? 2 : 1;
  const alphaFactor = lora.useRslora ? Math.sqrt(doubled) : doubled;
  return {
    baseModel: model,
    rank: doubled * lora.rank,
    alpha: alphaFactor * lora.alpha,
    dropout: lora.dropout,
    useRslora: lora.useRslora,
    useDora: lora.useDora,
    taskType: peftType,
  };
}

function newTrainer(
  { learnt, held }: OpenTraining,
  configs: readonly TrainingConfig[],
  runs: readonly TrainingRun[],
  context: EngineContext,
): Trainer {
  const { checkpoint, options } = held;
  const ratios = configs.map(({ lora }) => lora.loraPlusRatio);
  const start = {
    parameters: startParameters(held, configs, learnt, runs),
    relativeRates: relativeLearningRates(options.layout, ratios),
    seed: configs[0]?.seed ?? 0,
    routerLosses: configs.map(({ routerLoss }) => routerLoss),
  };
  return new Trainer(options, checkpoint, start, tellWeights(context), held.program());
}
