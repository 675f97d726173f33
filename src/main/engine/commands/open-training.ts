/** A base model opened to be trained on: with what is learnt on it, the data, and the form in which it is held. */
import type { EngineContext } from '../../../shared/contract/engine.ts';
import type { TrainingConfig } from '../../../shared/contract/training-config.ts';
import { availableMemory } from '../available-memory.ts';
import type { GeneralText } from '../batch/general-text.ts';
import { withCheckpoint } from '../checkpoint/open-checkpoint.ts';
import type { Architecture } from '../model/architecture.ts';
import { computeTypeOf, trainingFusion } from '../policy.ts';
import { prepareTraining, type PreparedRun } from '../train/prepare.ts';
import { sharedSettings } from '../train/variants.ts';
import { chooseBase } from './choose-base.ts';
import type { HeldTraining } from './held-training.ts';
import { mannerOf } from './manner.ts';
import { tokenizerOf } from './open-model.ts';
import { checkStartTargets, openStarts, type Starts } from './start-adapters.ts';
import { startBase, tellStartBase } from './start-base.ts';
import { checkStarts } from './start-parameters.ts';
import { timesAnswered, type Watched } from '../train/prompt-watch.ts';
import { trainingTask, type TrainingTask } from './training-task.ts';
import { trainingWork } from './training-work.ts';
import { answersSize, watchedPrompts } from './watched-prompts.ts';

export type OpenTraining = {
  learnt: TrainingTask;
  /** With the head that is trained. */
  architecture: Architecture;
  runs: PreparedRun[];
  /** What they are held against, before and after; null where forgetting is not measured. */
  general: GeneralText | null;
  /** What they are asked under way; null for nothing. */
  watched: Watched | null;
  /** The adapters that they start from. */
  starts: Starts;
  /** Bytes that were free when the form was chosen. */
  free: number;
  held: HeldTraining;
  /** What a person should know of the model, the task and the form of the base, in sentences. */
  notices: { base: readonly string[]; others: readonly string[] };
};

/**
 * Opens the files, hands `work` what it needs, and closes them whatever happens.
 * @param configs of runs that are trained together
 * @param date as chat templates write it: '2026-11-26'
 * Errors: those of `openCheckpoint`, `openStarts`, `trainingTask`, `prepareTraining`, `chooseBase`, `checkStartTargets` and
 * `checkStarts`.
 */
export async function withTraining<T>(
  configs: readonly TrainingConfig[],
  date: string | undefined,
  context: Pick<EngineContext, 'emit'>,
  work: (training: OpenTraining) => T | Promise<T>,
): Promise<T> {
  const shared = sharedSettings(configs);
  return withCheckpoint(shared.model, async (checkpoint) => {
    const { thinking } = shared;
    const asked = { adapters: [], thinking, ...(date !== undefined && { date }) };
    const { tokenizer, notices } = tokenizerOf({ checkpoint }, mannerOf(asked, context));
    const starts = openStarts(configs, checkpoint, context);
    const learnt = await trainingTask(configs, checkpoint, starts);
    const { task, architecture } = learnt;
    const computeType = computeTypeOf(shared.precision);
    const model = { checkpoint, architecture, tokenizer, computeType };
    const prepared = await prepareTraining(configs, task, model);
    const { runs, general } = prepared;
    const [first] = configs;
    const watched = first ? await watchedPrompts(first, checkpoint, tokenizer) : null;
    const options = {
      ...prepared.options,
      fusion: trainingFusion(trainingWork(prepared, checkpoint)),
      ...(watched && { answers: answersSize(watched, architecture.config, timesAnswered(runs)) }),
    };
    const free = availableMemory();
    checkStartTargets(starts, options.layout.adapters, { architecture });
    const form = startBase(shared, starts, checkpoint, context);
    const { notices: ofBase, ...held } = chooseBase(form, checkpoint, options, free);
    checkStarts(configs, held);
    const told = {
      base: [...ofBase, ...tellStartBase(starts, held.base, context)],
      others: [...notices, ...learnt.notices, ...(general?.notices ?? [])],
    };
    return work({
      learnt,
      architecture,
      runs,
      general,
      watched,
      starts,
      free,
      held,
      notices: told,
    });
  });
}
