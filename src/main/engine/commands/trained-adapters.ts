/** Writes what runs have learnt: the adapter of the best validation, and beside it that of the last step where it is another. */
import type {
  TrainOutcome,
  TrainRequest,
  VariantOutcome,
} from '../../../shared/contract/engine.ts';
import type { TrainingConfig } from '../../../shared/contract/training-config.ts';
import { askedTo } from '../../../shared/asked-end.ts';
import { toProblem } from '../../../shared/errors/lorikeet-error.ts';
import { adapterOf, type AdapterSettings } from '../lora/adapter-bank.ts';
import type { Origins } from '../origin/training-origin.ts';
import type { Task } from '../task/task.ts';
import type { PreparedRun } from '../train/prepare.ts';
import type { RunEnd } from '../train/run.ts';
import type { TrainingRun } from '../train/run-progress.ts';
import type { ProgressState } from '../train/run-state.ts';
import type { OpenTraining } from './open-training.ts';
import { saveTrained } from './save-trained.ts';

export type Trained = {
  training: OpenTraining;
  runs: readonly (PreparedRun & TrainingRun)[];
  /** As chat templates were given it. */
  date: string;
  end: Pick<RunEnd, 'endings' | 'best'>;
  origins: Origins;
  /** [P] at the last step. */
  parameters: Float32Array;
};

/**
 * One outcome for each request. An adapter that cannot be written fails alone, and a run that was stopped before its first step has
 * none.
 * @param goOn outcomes, by number, of those that go on and are not written
 */
export async function saveAdapters(
  requests: readonly TrainRequest[],
  trained: Trained,
  goOn: ReadonlyMap<number, VariantOutcome>,
): Promise<VariantOutcome[]> {
  const outcomes: VariantOutcome[] = [];
  for (const [index, request] of requests.entries())
    outcomes.push(goOn.get(index) ?? (await saveAdapter(request, index, trained)));
  return outcomes;
}

async function saveAdapter(
  request: TrainRequest,
  index: number,
  trained: Trained,
): Promise<TrainOutcome> {
  const ending = trained.end.endings[index];
  const run = trained.runs[index];
  if (!run || !ending) throw new RangeError('a run without an ending');
  if (ending.problem) return { kind: 'failed', problem: ending.problem };
  // There is nothing to write: it was asked to end before it had learnt anything.
  if (ending.steps === 0) return { kind: 'failed', problem: askedTo('stop', 'The run').problem };
  return saveOne(request, index, run, ending, trained);
}

async function saveOne(
  request: TrainRequest,
  index: number,
  run: PreparedRun & TrainingRun,
  { steps, early, best, lastLoss, lastValidationLoss }: ProgressState,
  { training, date, end, origins, parameters }: Trained,
): Promise<TrainOutcome> {
  const { architecture, learnt, held } = training;
  const { form, doubleQuant } = held.base;
  const config = { ...request.config, date, base: form, doubleQuant };
  const placed = held.options.layout.adapters[index];
  if (!placed) throw new RangeError('a run without an adapter');
  const { totalSteps } = run.plan;
  const stopped = steps < totalSteps && !early;
  const result = { steps, stopped, lastLoss, lastValidationLoss };
  const settings = adapterSettings(config, learnt.task);
  const save = (output: string, values: Float32Array, bestStep?: number) => {
    const adapter = adapterOf(placed, values, settings, learnt.labels);
    const origin = origins.of(config, { ...result, ...(bestStep !== undefined && { bestStep }) });
    return saveTrained({ ...request, config, output }, adapter, architecture, origin, run.emit);
  };
  const isLast = best === null || best.step === steps;
  try {
    const { trainableParameters, totalParameters } = run;
    const saved = await (isLast
      ? save(request.output, parameters)
      : save(request.output, end.best.in(parameters), best.step));
    return {
      kind: 'trained',
      result: {
        ...{ ...saved, stopped, steps, early, trainableParameters, totalParameters },
        best: best && { step: best.step, loss: best.loss },
        last: isLast ? null : await saveLast(() => save(`${request.output}-last`, parameters), run),
      },
    };
  } catch (thrown) {
    // The adapters after it are still to be written.
    return { kind: 'failed', problem: toProblem(thrown) };
  }
}

/** The best is written by then: what hinders the last is told. */
async function saveLast(
  save: () => Promise<{ adapter: string }>,
  { emit }: Pick<TrainingRun, 'emit'>,
): Promise<string | null> {
  try {
    return (await save()).adapter;
  } catch (thrown) {
    const text = `The adapter of the last step could not be written: ${toProblem(thrown).what}`;
    emit({ kind: 'notice', text });
    return null;
  }
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
