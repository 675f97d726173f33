/** How long a run would take on this machine, going by the steps of an earlier one of the same model. */
import type { RunEstimate } from '../shared/contract/estimates.ts';
import type { HeldBase, RunRecord } from '../shared/contract/records.ts';
import type { TrainingConfig } from '../shared/contract/training-config.ts';
import type { Store } from './store/database.ts';

/** Runs of the model that are looked at, newest first. */
const mostRuns = 20;

type Planned = { config: TrainingConfig; base: HeldBase; totalSteps: number };

/**
 * Null where no run of this model was alike enough: its task, the type that it computed in, what it kept, and how its base was
 * held. Tokens in a step may differ: the time goes by them. Those that trained together with others shared their steps, and tell
 * nothing.
 */
export function paceOf({ runs, metrics }: Store, planned: Planned): RunEstimate['pace'] {
  const known = runs.some(runs.search.newestOf(planned.config.model, mostRuns));
  for (const run of known) {
    const speed = isAlike(run, planned) ? metrics.secondsPerStep(run.id) : null;
    if (speed === null) continue;
    const seconds = planned.totalSteps * speed * (tokensIn(planned.config) / tokensIn(run.config));
    return { seconds, run: { id: run.id, name: run.name } };
  }
  return null;
}

function isAlike({ config, base, groupId }: RunRecord, planned: Planned): boolean {
  const same = (['task', 'precision', 'keep', 'model'] as const).every(
    (key) => config[key] === planned.config[key],
  );
  const held = base?.form === planned.base.form;
  return same && held && groupId === null;
}

/** Tokens of a step, padding among them: what its time goes by. */
function tokensIn({ batchSize, gradientAccumulation, sequenceLength }: TrainingConfig): number {
  return batchSize * gradientAccumulation * sequenceLength;
}
