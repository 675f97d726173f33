/** What the loop asks of whoever keeps its states. */
import type { RunCheckpoint } from '../../../shared/contract/records.ts';
import type { Problem } from '../../../shared/errors/problem.ts';
import type { RunState } from './run-state.ts';

export type StateKeeper = {
  /** Whether so many steps, or the time since the last one, call for a checkpoint. */
  due(step: number): boolean;
  /** Keeps the state after `step`. What hinders it is told and given, and ends no run; null where it is kept. */
  keep(step: number, state: RunState): Promise<Problem | null>;
  /** A run has diverged after `step`: it goes on from what was kept at that step or before, where there is something. */
  goBackTo(step: number): void;
  /** The one that a run could go on from; null where there is none. */
  readonly latest: RunCheckpoint | null;
};

/** For runs that nobody takes up again. */
export const keepsNothing: StateKeeper = {
  due: () => false,
  keep: () => Promise.resolve(null),
  goBackTo: () => undefined,
  latest: null,
};
