/** `train` and `train.variants`: from configurations and files to adapters, or to a checkpoint from which they go on. */
import type {
  CheckpointPlace,
  EngineContext,
  EngineRequest,
  EngineResponse,
  TrainOutcome,
  TrainRequest,
} from '../../../shared/contract/engine.ts';
import { localDate } from '../../../shared/local-date.ts';
import { LorikeetError } from '../../../shared/errors/lorikeet-error.ts';
import { checkOutputFolder } from '../export/output-folder.ts';
import { beginOrigins } from '../origin/training-origin.ts';
import { runTraining } from '../train/run.ts';
import type { CheckpointSubject } from '../resume/training-checkpoint.ts';
import { keepTraining } from './keep-training.ts';
import { newTrainer } from './new-trainer.ts';
import { tellAll } from './open-model.ts';
import { withTraining } from './open-training.ts';
import { goOn } from './resume-training.ts';
import { tellPrepared } from './tell-prepared.ts';
import { saveAdapters } from './trained-adapters.ts';

export async function train(
  request: EngineRequest<'train'>,
  context: EngineContext,
): Promise<EngineResponse<'train'>> {
  const [outcome] = await trainAll([request], request, context, () => context.emit);
  if (!outcome) throw new RangeError('a run without an outcome');
  if (outcome.kind === 'failed') throw new LorikeetError(outcome.problem);
  return outcome;
}

/** `train.variants`: several adapters at once over one base. */
export function trainVariants(
  { variants, ...place }: EngineRequest<'train.variants'>,
  context: EngineContext,
): Promise<EngineResponse<'train.variants'>> {
  return trainAll(variants, place, context, (variant) => (event) => {
    context.emit({ kind: 'variant', variant, event });
  });
}

/** Errors: those of what it goes through; resume/* where it goes on from a checkpoint. */
async function trainAll(
  requests: readonly TrainRequest[],
  place: CheckpointPlace,
  context: EngineContext,
  emitterOf: (variant: number) => EngineContext['emit'],
): Promise<TrainOutcome[]> {
  for (const { output } of requests) await checkOutputFolder(output);
  const asked = requests.map(({ config }) => config);
  const date = asked.find((config) => config.date !== undefined)?.date ?? localDate();
  const from = await goOn(place, asked);
  return withTraining(from.configs, date, context, async (training) => {
    const { checkpoint, base, options } = training.held;
    const runs = training.runs.map((run, index) => ({ ...run, emit: emitterOf(index) }));
    for (const run of runs) tellPrepared(run, training);
    const tell = (text: string) => {
      tellAll(context, [text]);
    };
    const over = new AbortController();
    const origins = beginOrigins(asked, checkpoint, tell, over.signal);
    try {
      await from.check(origins.files);
      await origins.checkStarts();
      const precision = options.computeType;
      const subject = async (): Promise<CheckpointSubject> => ({
        ...{ configs: asked, base, precision, files: await origins.files() },
      });
      const keeper = keepTraining(place, asked, subject, runs, from.checkpoint);
      const trainer = newTrainer(training, from, runs, context);
      try {
        const { state } = from;
        const end = await runTraining(trainer, runs, { signal: context.signal, keeper, state });
        if (end.kind === 'paused') return keeper.paused(end);
        const parameters = trainer.parameters();
        const ended = { training, runs, date, end, origins, parameters };
        const saved = await saveAdapters(requests, ended);
        return await keeper.after(saved, end.endings);
      } finally {
        trainer.dispose();
      }
    } finally {
      over.abort();
    }
  });
}
