/** Runs that are told to pause (SIGTERM) and end instead, since they can keep no checkpoint: whoever waits for them is to know. */
import type { RunStore } from '../main/store/runs.ts';
import { askedEnd } from '../shared/asked-end.ts';
import { canGoOn, isOpen } from '../shared/run-states.ts';
import type { Output } from './output.ts';
import { interruptedExitCode } from './stop-signal.ts';

/**
 * Notes which of the runs are in progress when `asked` is aborted: others have ended by themselves, or in halving.
 * @returns what tells, at their end, where they did not pause
 */
export function watchPause(
  runs: Pick<RunStore, 'some'>,
  ids: readonly number[],
  asked: AbortSignal,
): (output: Output) => void {
  const inProgress = new Set<number>();
  const look = () => {
    if (askedEnd(asked) !== 'pause') return;
    for (const run of runs.some(ids)) if (isOpen(run)) inProgress.add(run.id);
  };
  asked.addEventListener('abort', look, { once: true });
  return (output) => {
    asked.removeEventListener('abort', look);
    const now = runs.some(ids);
    const ended = now.filter(({ id, state }) => inProgress.has(id) && state === 'stopped');
    if (ended.length === 0 || now.some(canGoOn)) return;
    process.exitCode = interruptedExitCode;
    const text =
      ended.length === 1
        ? 'It was to pause and kept no checkpoint: it does not go on from here.'
        : 'They were to pause and kept no checkpoint: they do not go on from here.';
    output.note(text);
    if (output.json) output.result({ notice: text });
  };
}
