/** States of a run in words, and what may be done in each. */
import type { RunRecord, RunState } from '../../shared/contract/records.ts';

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

/** Seconds from start to finish, or to `now` while it works. */
export function runSeconds(run: RunRecord, now: number): number | null {
  if (run.startedAt === null) return null;
  return ((run.finishedAt ?? now) - run.startedAt) / 1000;
}
