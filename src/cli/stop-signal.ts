/**
 * Ctrl-C and a closed terminal: the first asks for a stop that keeps what there is. Only a second Ctrl-C, which is a person
 * in a hurry, ends the program at once: a system that shuts down sends its signals several times.
 */

/** What a shell gives for a program that was ended by Ctrl-C. */
export const interruptedExitCode = 130;

/** Ask for a stop: Ctrl-C, `kill`, and the end of the terminal. */
const stopSignals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** The signal is aborted by the first of `stopSignals`; `release` gives the signals back. */
export function stopSignal(onStop: () => void): { signal: AbortSignal; release: () => void } {
  const controller = new AbortController();
  const stop = (signal: NodeJS.Signals) => {
    if (!controller.signal.aborted) {
      controller.abort();
      onStop();
    } else if (signal === 'SIGINT') process.exit(interruptedExitCode);
  };
  for (const name of stopSignals) process.on(name, stop);
  return {
    signal: controller.signal,
    release: () => {
      for (const name of stopSignals) process.off(name, stop);
    },
  };
}
