/** What became of runs, as the store keeps it: an adapter, a pause, or a problem. */
import type { PausedRun, TrainResult, VariantOutcome } from '../shared/contract/engine.ts';
import type { RunRecord } from '../shared/contract/records.ts';
import { toProblem } from '../shared/errors/lorikeet-error.ts';
import type { Problem } from '../shared/errors/problem.ts';
import type { Store } from './store/database.ts';

/** One error ended all of them. */
export function failedAll(ids: readonly number[], thrown: unknown): VariantOutcome[] {
  const problem = toProblem(thrown);
  return ids.map(() => ({ kind: 'failed', problem }));
}

/**
 * Enters what became of runs that were trained at once. One that failed while others did not has failed for good; and whoever goes no
 * further leaves those that can, whose checkpoints are theirs alone then.
 */
export function keepOutcomes(
  store: Store,
  ids: readonly number[],
  outcomes: readonly VariantOutcome[],
): void {
  const oneFault = outcomes.every(({ kind }) => kind === 'failed');
  const areSplit = outcomes.some(({ kind }) => kind === 'going');
  const someGoOn = areSplit || outcomes.some(({ kind }) => kind === 'paused');
  for (const [index, outcome] of outcomes.entries()) {
    for (const id of ids.slice(index, index + 1)) {
      const isOver = outcome.kind === 'trained' || (outcome.kind === 'failed' && !oneFault);
      // The last ones tell of it until it is set aside: see KeptCheckpoints.
      if (isOver && (someGoOn || outcome.kind === 'failed'))
        store.runs.update(id, { checkpoint: null });
      const leaves = isOver ? someGoOn : areSplit && outcome.kind !== 'going';
      if (leaves) store.runs.update(id, { groupId: null, checkpointFolder: null });
      keepOutcome(store, id, outcome);
    }
  }
}

function keepOutcome(store: Store, id: number, outcome: VariantOutcome): void {
  switch (outcome.kind) {
    case 'trained':
      keepResult(store, id, outcome.result);
      return;
    case 'paused':
      keepPaused(store, id, outcome.paused);
      return;
    case 'going':
      // It is in progress all the time.
      store.runs.update(id, { checkpoint: outcome.checkpoint });
      return;
    case 'failed':
      keepProblem(store, id, outcome.problem);
  }
}

function keepResult(store: Store, id: number, result: TrainResult): void {
  const { name, config, labels, base } = store.runs.get(id);
  store.adapters.add({
    name,
    path: result.adapter,
    runId: id,
    model: config.model,
    rank: config.lora.rank,
    alpha: config.lora.alpha,
    parameters: result.trainableParameters,
    labels,
    base,
    createdAt: Date.now(),
    origin: result.origin,
  });
  store.runs.update(id, {
    state: result.stopped ? 'stopped' : 'finished',
    finishedAt: Date.now(),
    heldBy: null,
    output: result.adapter,
    trainableParameters: result.trainableParameters,
    totalParameters: result.totalParameters,
    best: result.best,
    last: result.last,
    early: result.early,
  });
}

/** A run that can go on. */
function keepPaused(store: Store, id: number, { checkpoint, problem }: PausedRun): void {
  const heldBy = problem ? 'problem' : 'person';
  store.runs.update(id, { state: 'paused', checkpoint, problem, heldBy, finishedAt: Date.now() });
}

/**
 * A run that gave no adapter. One that has a checkpoint can go on from there, whatever ended it; one without has failed, unless
 * it was asked to end.
 */
function keepProblem(store: Store, id: number, problem: Problem): void {
  const { checkpoint } = store.runs.get(id);
  const { state, heldBy } = endingOf(problem.code, checkpoint !== null);
  const asked = state === 'stopped' || heldBy === 'person';
  const told = asked ? null : problem;
  store.runs.update(id, { state, heldBy, problem: told, finishedAt: Date.now() });
}

function endingOf(code: string, goesOn: boolean): Pick<RunRecord, 'state' | 'heldBy'> {
  if (code === 'engine/stopped' || code === 'engine/ended-for-memory')
    return { state: 'interrupted', heldBy: null };
  if (code === 'engine/paused') return { state: 'paused', heldBy: 'person' };
  if (code === 'engine/cancelled')
    return goesOn ? { state: 'paused', heldBy: 'person' } : { state: 'stopped', heldBy: null };
  return goesOn ? { state: 'paused', heldBy: 'problem' } : { state: 'failed', heldBy: null };
}
