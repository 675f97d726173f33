/** States of a run in words, and what may be done in each. */
import type { RunRecord, RunState } from '../../shared/contract/records.ts';
import type { StepPoint } from '../../shared/contract/run-points.ts';

export type Tone = 'neutral' | 'active' | 'good' | 'warn' | 'bad';

export const runStates: Record<RunState, { label: string; tone: Tone }> = {
  queued: { label: 'Queued', tone: 'neutral' },
  preparing: { label: 'Preparing', tone: 'active' },
  running: { label: 'Training', tone: 'active' },
  paused: { label: 'Paused', tone: 'warn' },
  interrupted: { label: 'Interrupted', tone: 'warn' },
  finished: { label: 'Finished', tone: 'good' },
  stopped: { label: 'Stopped', tone: 'warn' },
  failed: { label: 'Failed', tone: 'bad' },
};

/** Share of the steps done, in [0, 1]; null before the number of steps is known. */
export function runShare(run: RunRecord): number | null {
  if (run.state === 'finished') return 1;
  if (run.totalSteps === null || run.totalSteps === 0) return null;
  return Math.min(1, run.step / run.totalSteps);
}

/**
 * What the run has taken over all its sessions without the pauses, by its own count, which no setting of the clock and no sleep of the
 * machine changes. Before its first step the time since it began.
 */
export function runSeconds(
  { startedAt, finishedAt }: Pick<RunRecord, 'startedAt' | 'finishedAt'>,
  last: Pick<StepPoint, 'elapsedSeconds'> | undefined,
  now: number,
): number | null {
  if (last) return last.elapsedSeconds;
  return startedAt === null ? null : Math.max(0, (finishedAt ?? now) - startedAt) / 1000;
}
