/** What becomes of a training that goes on no further: adapters, checkpoints to go on from, or both. */
import type { TrainRequest, VariantOutcome } from '../../../shared/contract/engine.ts';
import type { Forgetting } from '../train/forgetting.ts';
import type { RunEnd } from '../train/run.ts';
import type { StateKeeper } from '../train/state-keeper.ts';
import type { Trainer } from '../train/trainer.ts';
import { endShort } from './go-leaner.ts';
import { notWritten, withoutAdapter } from './keep-training.ts';
import { saveAdapters, type Trained } from './trained-adapters.ts';

type Concluded = {
  requests: readonly TrainRequest[];
  trained: Omit<Trained, 'end' | 'parameters'>;
  trainer: Pick<Trainer, 'parameters'>;
  keeper: StateKeeper;
  forgetting: Pick<Forgetting, 'after'>;
};

/** One outcome for each request. */
export async function conclude(
  end: RunEnd,
  { requests, trained, trainer, keeper, forgetting }: Concluded,
): Promise<VariantOutcome[]> {
  const ended = end.kind === 'short' && keeper.latest !== null ? endShort(end) : end;
  const goOn = withoutAdapter(ended, trained.runs, keeper);
  // In the order of the requests. A pause waits for nothing else.
  if (goOn.size === requests.length) return [...goOn.values()];
  const parameters =
    end.kind === 'short' ? end.state.trainer.vectors.parameters : trainer.parameters();
  const saved = await saveAdapters(requests, { ...trained, end, parameters }, goOn);
  // Nothing that was learnt is at stake any more.
  const written = [...saved.keys()].filter((i) => saved[i]?.kind === 'trained');
  await forgetting.after(end.best.in(parameters), written);
  return saved.map((outcome, i) => notWritten(outcome, end.endings[i], keeper) ?? outcome);
}
