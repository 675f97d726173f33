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
import type { TrainingRun } from '../train/run-progress.ts';
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

/** What became of the runs, by their numbers, that write no adapter since they go on: now, or later. */
export function withoutAdapter(
  end: RunEnd,
  runs: readonly Pick<TrainingRun, 'plan'>[],
  { latest }: Pick<StateKeeper, 'latest'>,
): ReadonlyMap<number, VariantOutcome> {
  const outcomes = new Map<number, VariantOutcome>();
  if (end.kind === 'split')
    for (const index of end.going)
      outcomes.set(index, { kind: 'going', checkpoint: end.checkpoint });
  if (end.kind !== 'paused') return outcomes;
  for (const [index, ending] of end.endings.entries()) {
    const { steps, problem } = ending;
    const isOver = ending.early || steps >= (runs[index]?.plan.totalSteps ?? 0);
    if (problem === null ? !isOver : problem === end.problem)
      outcomes.set(index, paused(ending, latest, end.problem));
  }
  return outcomes;
}

/** A run whose adapter could not be written can go on, as soon as there is a place for it; null for any other. */
export function notWritten(
  outcome: VariantOutcome,
  ending: ProgressState | undefined,
  { latest }: Pick<StateKeeper, 'latest'>,
): VariantOutcome | null {
  if (outcome.kind !== 'failed' || !ending || ending.problem !== null || latest === null)
    return null;
  return paused(ending, latest, outcome.problem);
}

function paused(
  { steps }: ProgressState,
  checkpoint: RunCheckpoint | null,
  problem: Problem | null,
): TrainOutcome {
  return { kind: 'paused', paused: { steps, checkpoint, problem } };
}
