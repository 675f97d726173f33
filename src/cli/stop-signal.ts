/** Ctrl-C: the first asks for a stop that keeps what there is, the second ends the program at once. */

/** What a shell gives for a program that was ended by Ctrl-C. */
export const interruptedExitCode = 130;

/** The signal is aborted by the first SIGINT or SIGTERM; `release` gives the signals back. */
export function stopSignal(onStop: () => void): { signal: AbortSignal; release: () => void } {
  const controller = new AbortController();
  const stop = () => {
    if (controller.signal.aborted) process.exit(interruptedExitCode);
    controller.abort();
    onStop();
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  return {
    signal: controller.signal,
    release: () => {
      process.off('SIGINT', stop);
      process.off('SIGTERM', stop);
    },
  };
}
