/** Which changes of runs a person who looks elsewhere wants to hear of: a run came to its end, or needs them. Free of Electron. */
import type { RunRecord } from '../shared/contract/records.ts';
import { formatCount, formatLoss } from '../shared/format.ts';
import { isWorking } from '../shared/run-states.ts';

export type RunOver = { id: number; title: string; body: string };

/** Gives what is to be called with every change of a run; `tell` is called once for each run that was at work and is over. */
export function runsOver(tell: (over: RunOver) => void): (run: RunRecord) => void {
  const working = new Set<number>();
  return (run) => {
    if (isWorking(run)) working.add(run.id);
    else if (working.delete(run.id)) {
      const said = sayOver(run);
      if (said !== null) tell({ id: run.id, ...said });
    }
  };
}

/** Null for an end that the person has asked for. */
function sayOver(run: RunRecord): Omit<RunOver, 'id'> | null {
  const { name, state, problem } = run;
  if (state === 'finished') return { title: `${name} is trained`, body: figuresOf(run) };
  if (state === 'failed') return { title: `${name} failed`, body: problem?.what ?? '' };
  if (state === 'interrupted')
    return { title: `${name} was interrupted`, body: problem?.what ?? '' };
  if (state === 'paused' && problem !== null)
    return { title: `${name} has paused`, body: problem.what };
  return null;
}

function figuresOf({ step, totalSteps, lastLoss, lastValidationLoss, best }: RunRecord): string {
  const steps = `Step ${formatCount(step)}${totalSteps === null ? '' : ` of ${formatCount(totalSteps)}`}`;
  if (best !== null) return `${steps}. Best validation loss ${formatLoss(best.loss)}.`;
  if (lastValidationLoss !== null)
    return `${steps}. Validation loss ${formatLoss(lastValidationLoss)}.`;
  return lastLoss === null ? `${steps}.` : `${steps}. Training loss ${formatLoss(lastLoss)}.`;
}
