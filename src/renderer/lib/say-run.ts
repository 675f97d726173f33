/** What a run waits for, from where it goes on, and what became of it, in sentences. */
import type { RunRecord } from '../../shared/contract/records.ts';
import { formatCount } from '../../shared/format.ts';

/** 'It goes on with step 41, after the checkpoint of step 40.' */
export function sayGoesOn({
  checkpoint,
  heldBy,
}: Pick<RunRecord, 'checkpoint' | 'heldBy'>): string {
  if (checkpoint !== null && heldBy === 'stop')
    return `It ends when its turn comes: its adapter is written as it was at step ${formatCount(checkpoint.step)}.`;
  if (checkpoint === null) return 'It has no checkpoint yet and begins from the beginning.';
  const [at, next] = [checkpoint.step, checkpoint.step + 1].map(formatCount);
  return `It goes on with step ${next}, after the checkpoint of step ${at}.`;
}

const holds = {
  person: 'It was paused, and goes on when you have it go on.',
  quit: 'It paused when Lorikeet was closed, and goes on by itself when Lorikeet starts.',
  problem: 'It paused because of a problem.',
  stop: 'It was stopped, and its adapter is not written yet.',
} as const;

/** Why a run is not going on; null for one that is neither paused nor interrupted. */
export function sayHeld({ state, heldBy }: Pick<RunRecord, 'state' | 'heldBy'>): string | null {
  if (state === 'paused') return holds[heldBy ?? 'person'];
  if (state !== 'interrupted') return null;
  if (heldBy === 'stop') return holds.stop;
  return heldBy === 'quit' ? holds.quit : 'It lost its process before it was over.';
}

/** What the card of a run's problem is called. */
export function problemTitle({ state }: Pick<RunRecord, 'state'>): string {
  if (state === 'paused') return 'The run paused';
  return state === 'interrupted' ? 'The run was interrupted' : 'The run failed';
}

/** 'Ended early, at step 40 of 100: …'; null for one that did not. */
export function sayEarly({
  early,
  step,
  totalSteps,
  config,
}: Pick<RunRecord, 'early' | 'step' | 'totalSteps' | 'config'>): string | null {
  if (!early) return null;
  const of = totalSteps === null ? '' : ` of ${formatCount(totalSteps)}`;
  return `Ended early, at step ${formatCount(step)}${of}: the validation loss had not improved ${config.patience} times.`;
}

/** The loss ran away, or is no number: less learning rate may do. */
export function hasDiverged({ problem }: Pick<RunRecord, 'problem'>): boolean {
  return problem?.code === 'train/diverged' || problem?.code === 'train/loss-not-finite';
}
