/** What the states of a run mean for what can be done with it. */
import type { RunState } from './contract/records.ts';

type Run = { readonly state: RunState };

/** The engine is busy with it. */
export function isWorking({ state }: Run): boolean {
  return state === 'preparing' || state === 'running';
}

/** It has work ahead of it, and nobody has to do anything for it. */
export function isOpen(run: Run): boolean {
  return run.state === 'queued' || isWorking(run);
}

/** It goes on when it is asked to: from its last checkpoint, or from the beginning where it has none. */
export function canGoOn({ state }: Run): boolean {
  return state === 'paused' || state === 'interrupted';
}

/** It has work ahead of it, or can have when it is asked to. */
export function isUnfinished(run: Run): boolean {
  return isOpen(run) || canGoOn(run);
}
