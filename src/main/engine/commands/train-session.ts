/** One session of a training: from its beginning or a state to its end, or to where it has to go on with less memory. */
import type { EngineContext, GroupPlace, VariantOutcome } from '../../../shared/contract/engine.ts';
import { LorikeetError } from '../../../shared/errors/lorikeet-error.ts';
import { once } from '../once.ts';
import { beginOrigins, noteData } from '../origin/training-origin.ts';
import { learntTokens } from '../resume/learnt-tokens.ts';
import type { CheckpointSubject } from '../resume/training-checkpoint.ts';
import { Forgetting } from '../train/forgetting.ts';
import { MemoryWatch } from '../train/memory-watch.ts';
import { PromptWatch } from '../train/prompt-watch.ts';
import { runTraining } from '../train/run.ts';
import { conclude } from './conclude.ts';
import { goLeaner } from './go-leaner.ts';
import { keepTraining } from './keep-training.ts';
import { newTrainer } from './new-trainer.ts';
import { tellAll } from './open-model.ts';
import { withTraining } from './open-training.ts';
import { refuseLateValidation } from './refuse-halving.ts';
import { refusalOf } from './refuse-too-large.ts';
import type { Session } from './session.ts';
import { splitRuns } from './split-runs.ts';
import { tellPrepared } from './tell-prepared.ts';

export type SessionEnd =
  | { kind: 'over'; outcomes: VariantOutcome[] }
  | { kind: 'leaner'; next: Session };

/** Errors: those of what it goes through; train/not-to-be-halved and train/too-large before weights are read. */
export function trainSession(
  session: Session,
  place: GroupPlace,
  context: EngineContext,
  emitterOf: (variant: number) => EngineContext['emit'],
): Promise<SessionEnd> {
  const { requests, date, from } = session;
  const asked = requests.map(({ config }) => config);
  // Opening tells nothing new.
  const told = session.leaner ? { emit: () => undefined } : context;
  const opened = noteData(asked);
  return withTraining(from.configs, date, told, async (training): Promise<SessionEnd> => {
    if (place.halving && from.state === null) refuseLateValidation(training.runs);
    const refusal = session.leaner ? null : refusalOf(training);
    if (refusal) throw new LorikeetError(refusal);
    const { checkpoint, base, options } = training.held;
    const runs = training.runs.map((run, index) => ({ ...run, emit: emitterOf(index) }));
    if (!session.leaner) for (const run of runs) tellPrepared(run, training);
    const tell = (text: string) => {
      tellAll(context, [text]);
    };
    const over = new AbortController();
    const origins = beginOrigins(asked, checkpoint, tell, over.signal, opened);
    const tokensOf = once(learntTokens);
    const found = { files: origins.files, tokens: () => tokensOf(runs), program: options };
    try {
      await from.check(found);
      await origins.checkStarts();
      const precision = options.computeType;
      const sizes = options.layout.adapters.map(({ begin, end }) => end - begin);
      const subject = async (): Promise<CheckpointSubject> => ({
        ...{ configs: asked, base, precision, sizes, left: from.left },
        ...{ files: await found.files(), tokens: found.tokens() },
      });
      const keeper = keepTraining(place, asked, subject, runs, from.checkpoint);
      const watch = new MemoryWatch();
      const trainer = newTrainer(training, from, runs, context);
      try {
        const { state } = from;
        const { signal } = context;
        const forgetting = new Forgetting(trainer, training.general, runs, context);
        const general = await forgetting.before(state?.general ?? null, signal);
        const prompts = new PromptWatch(trainer, training.watched, runs, context);
        if (!state?.trainer.steps) await prompts.before(signal);
        const end = await runTraining(trainer, runs, {
          ...{ signal, keeper, state, watch, general, prompts, halving: place.halving ?? false },
          ...(place.splits && { split: splitRuns(place.checkpoints, subject, runs) }),
        });
        if (end.kind === 'short') {
          const next = await goLeaner(session, end, { training, runs, keeper, found });
          if (next) return { kind: 'leaner', next };
        }
        const outcomes = await conclude(end, {
          ...{ requests, trainer, keeper, forgetting },
          trained: { training, runs, date, origins },
        });
        return { kind: 'over', outcomes };
      } finally {
        trainer.dispose();
      }
    } finally {
      over.abort();
    }
  });
}
