/**
 * Ctrl-C and a closed terminal: the first asks for a stop that keeps what there is; `kill`, and a machine that is shut down, have a
 * run pause instead. Only a second Ctrl-C, which is a person in a hurry, ends the program at once: a system that shuts down sends
 * its signals several times.
 */
import { askedTo } from '../shared/asked-end.ts';
import type { AskedEnd } from '../shared/contract/engine.ts';

/** What a shell gives for a program that was ended by Ctrl-C. */
export const interruptedExitCode = 130;

/** Ask for an end: Ctrl-C, the end of the terminal, and `kill`. */
const names = ['SIGINT', 'SIGHUP', 'SIGTERM'] as const;

export type StopSignal = {
  /** Aborted by the first of them. */
  signal: AbortSignal;
  /** The same for a run, which may be asked to pause instead. */
  ofRun: AbortSignal;
  /** Gives the signals back. */
  release: () => void;
};

export function stopSignal(onStop: (how: AskedEnd) => void): StopSignal {
  const stopping = new AbortController();
  const ofRun = new AbortController();
  const stop = (name: NodeJS.Signals) => {
    if (!stopping.signal.aborted) {
      const how = name === 'SIGTERM' ? 'pause' : 'stop';
      ofRun.abort(askedTo(how, 'The run'));
      stopping.abort();
      onStop(how);
    } else if (name === 'SIGINT') process.exit(interruptedExitCode);
  };
  for (const name of names) process.on(name, stop);
  return {
    signal: stopping.signal,
    ofRun: ofRun.signal,
    release: () => {
      for (const name of names) process.off(name, stop);
    },
  };
}
