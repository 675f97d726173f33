/** What becomes of a training that goes on no further: adapters, checkpoints to go on from, or both. */
import type { TrainRequest, VariantOutcome } from '../../../shared/contract/engine.ts';
import type { CheckpointSubject } from '../resume/training-checkpoint.ts';
import type { Forgetting } from '../train/forgetting.ts';
import type { RunEnd } from '../train/run.ts';
import type { StateKeeper } from '../train/state-keeper.ts';
import type { Trainer } from '../train/trainer.ts';
import { endShort } from './go-leaner.ts';
import { halve } from './halve.ts';
import { pausedOutcomes, savedOutcomes } from './keep-training.ts';
import { saveAdapters, type Trained } from './trained-adapters.ts';

type Concluded = {
  requests: readonly TrainRequest[];
  trained: Omit<Trained, 'end' | 'parameters'>;
  trainer: Pick<Trainer, 'parameters'>;
  keeper: StateKeeper;
  forgetting: Pick<Forgetting, 'after'>;
  /** For the checkpoints of those that successive halving leaves; null where there is none. */
  halvingIn: string | null;
  subject: () => Promise<CheckpointSubject>;
};

/** One outcome for each request. */
export async function conclude(
  end: RunEnd,
  { requests, trained, trainer, keeper, forgetting, halvingIn, subject }: Concluded,
): Promise<VariantOutcome[]> {
  if (end.kind === 'paused') return pausedOutcomes(end, keeper);
  if (end.kind === 'short' && keeper.latest !== null) return pausedOutcomes(endShort(end), keeper);
  const going =
    end.kind === 'halved' && halvingIn !== null
      ? await halve(end, halvingIn, subject, trained.runs)
      : null;
  const parameters =
    end.kind === 'over' ? trainer.parameters() : end.state.trainer.vectors.parameters;
  const saved = await saveAdapters(requests, { ...trained, end, parameters }, going);
  // Nothing that was learnt is at stake any more.
  const written = [...saved.keys()].filter((i) => saved[i]?.kind === 'trained');
  await forgetting.after(end.best.in(parameters), written);
  return savedOutcomes(saved, end.endings, keeper);
}
