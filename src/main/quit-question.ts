/** What a person is asked before the studio closes on work that is under way, or that is still to begin. */
import type { MessageBoxOptions } from 'electron';
import type { RunRecord } from '../shared/contract/records.ts';
import type { RunQueue } from './run-queue.ts';

/** The buttons in their order. */
export const answers = ['background', 'quit', 'cancel'] as const;

/** The run that is trained, or the first that waits for its time; null where there is neither. */
export function runInTheWay({ current, waiting }: RunQueue): RunRecord | null {
  return current ?? waiting[0] ?? null;
}

export function quitQuestion({ name, state, notBefore }: RunRecord): MessageBoxOptions {
  const waits = state === 'queued';
  const at = new Date(notBefore ?? Date.now()).toLocaleString();
  return {
    type: 'question',
    title: waits ? 'A run is still to begin' : 'Training is running',
    message: waits ? `"${name}" is to begin at ${at}.` : `"${name}" is training.`,
    detail: waits
      ? 'In the background it begins at its time without a window. Otherwise it begins when Lorikeet is open then, or started again later.'
      : 'In the background it goes on without a window; start Lorikeet again to see it. ' +
        'Paused, it keeps a checkpoint and goes on from there when Lorikeet is started again.',
    buttons: waits
      ? ['Wait in the background', 'Quit', 'Cancel']
      : ['Keep training in the background', 'Pause and quit', 'Cancel'],
    defaultId: 0,
    cancelId: 2,
    noLink: true,
  };
}
