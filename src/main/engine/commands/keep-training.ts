/** Who keeps a training's checkpoints: in the folder that was asked for, or nobody. */
import type {
  CheckpointPlace,
  EngineContext,
  TrainOutcome,
  VariantOutcome,
} from '../../../shared/contract/engine.ts';
import type { RunCheckpoint } from '../../../shared/contract/records.ts';
import type { TrainingConfig } from '../../../shared/contract/training-config.ts';
import type { Problem } from '../../../shared/errors/problem.ts';
import { CheckpointKeeper } from '../resume/checkpoint-keeper.ts';
import type { CheckpointSubject } from '../resume/training-checkpoint.ts';
import type { ProgressState } from '../train/run-state.ts';
import type { RunEnd } from '../train/run.ts';
import { keepsNothing, type StateKeeper } from '../train/state-keeper.ts';

/** @param runs each is told of every checkpoint */
export function keepTraining(
  { checkpoints }: CheckpointPlace,
  [settings]: readonly TrainingConfig[],
  subject: () => Promise<CheckpointSubject>,
  runs: readonly Pick<EngineContext, 'emit'>[],
  from: RunCheckpoint | null,
): StateKeeper {
  if (checkpoints === undefined || !settings) return keepsNothing;
  return new CheckpointKeeper(checkpoints, settings, subject, from, (event) => {
    for (const run of runs) run.emit(event);
  });
}

/** What became of each run that pauses. */
export function pausedOutcomes(
  { endings, problem }: Pick<Extract<RunEnd, { kind: 'paused' }>, 'endings' | 'problem'>,
  { latest: checkpoint }: Pick<StateKeeper, 'latest'>,
): TrainOutcome[] {
  return endings.map((ending) =>
    ending.problem && ending.problem !== problem
      ? { kind: 'failed', problem: ending.problem }
      : { kind: 'paused', paused: { steps: ending.steps, checkpoint, problem } },
  );
}

/** Where no adapter could be written the run can go on, as soon as there is a place for it. */
export function savedOutcomes(
  saved: VariantOutcome[],
  endings: readonly ProgressState[],
  keeper: Pick<StateKeeper, 'latest'>,
): VariantOutcome[] {
  const lost = notWritten(saved, endings);
  const none = saved.every(({ kind }) => kind === 'failed');
  if (lost === null || !none || keeper.latest === null) return saved;
  return pausedOutcomes({ endings, problem: lost }, keeper);
}

/** What kept the first adapter of a run that came to its end from being written; null where all are. */
function notWritten(
  saved: readonly VariantOutcome[],
  endings: readonly ProgressState[],
): Problem | null {
  const lost = saved.find(
    (outcome, i) => outcome.kind === 'failed' && endings[i]?.problem === null,
  );
  return lost?.kind === 'failed' ? lost.problem : null;
}
