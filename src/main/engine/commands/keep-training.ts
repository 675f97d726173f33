/** Who keeps a training's checkpoints: in the folder that was asked for, or nobody. */
import type {
  CheckpointPlace,
  EngineContext,
  TrainOutcome,
} from '../../../shared/contract/engine.ts';
import type { RunCheckpoint } from '../../../shared/contract/records.ts';
import type { TrainingConfig } from '../../../shared/contract/training-config.ts';
import type { Problem } from '../../../shared/errors/problem.ts';
import { CheckpointKeeper } from '../resume/checkpoint-keeper.ts';
import type { CheckpointSubject } from '../resume/training-checkpoint.ts';
import type { ProgressState } from '../train/run-state.ts';
import type { RunEnd } from '../train/run.ts';
import { keepsNothing, type StateKeeper } from '../train/state-keeper.ts';

export type TrainingKeeper = StateKeeper & {
  /** The one that a run could go on from; null where there is none. */
  readonly latest: RunCheckpoint | null;
  /** What became of each run that pauses. */
  paused(end: Extract<RunEnd, { kind: 'paused' }>): TrainOutcome[];
  /** Where no adapter could be written the run can go on, as soon as there is a place for it. */
  after(saved: TrainOutcome[], endings: readonly ProgressState[]): TrainOutcome[];
};

/** @param runs each is told of every checkpoint */
export function keepTraining(
  { checkpoints }: CheckpointPlace,
  [settings]: readonly TrainingConfig[],
  subject: () => Promise<CheckpointSubject>,
  runs: readonly Pick<EngineContext, 'emit'>[],
  from: RunCheckpoint | null,
): TrainingKeeper {
  if (checkpoints === undefined || !settings) {
    return Object.assign({}, keepsNothing, {
      latest: null,
      paused: (end: Parameters<TrainingKeeper['paused']>[0]) => outcomesOf(end, null),
      after: (saved: TrainOutcome[]) => saved,
    });
  }
  const keeper = new CheckpointKeeper(checkpoints, settings, subject, from, (event) => {
    for (const run of runs) run.emit(event);
  });
  return {
    due: (step) => keeper.due(step),
    keep: (step, state) => keeper.keep(step, state),
    get hasOne() {
      return keeper.hasOne;
    },
    get latest() {
      return keeper.latest;
    },
    paused: (end) => outcomesOf(end, keeper.latest),
    after(saved, endings) {
      const lost = notWritten(saved, endings);
      const none = saved.every(({ kind }) => kind === 'failed');
      if (lost === null || !none || !keeper.hasOne) return saved;
      return outcomesOf({ kind: 'paused', endings, problem: lost }, keeper.latest);
    },
  };
}

function outcomesOf(
  { endings, problem }: Parameters<TrainingKeeper['paused']>[0],
  checkpoint: RunCheckpoint | null,
): TrainOutcome[] {
  return endings.map((ending) =>
    ending.problem && ending.problem !== problem
      ? { kind: 'failed', problem: ending.problem }
      : { kind: 'paused', paused: { steps: ending.steps, checkpoint, problem } },
  );
}

/** What kept the first adapter of a run that came to its end from being written; null where all are. */
function notWritten(
  saved: readonly TrainOutcome[],
  endings: readonly ProgressState[],
): Problem | null {
  const lost = saved.find(
    (outcome, i) => outcome.kind === 'failed' && endings[i]?.problem === null,
  );
  return lost?.kind === 'failed' ? lost.problem : null;
}
