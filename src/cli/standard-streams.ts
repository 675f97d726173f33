/** stdout and stderr may end before the work does: the reader has seen enough (`| head`), the terminal is gone, the disk is full. */

/** Lets the program go on when one of its streams cannot be written; work that is under way is worth more than its report. */
export function outliveReaders(): void {
  process.stderr.on('error', () => undefined);
  process.stdout.once('error', (error: NodeJS.ErrnoException) => {
    process.stdout.on('error', () => undefined);
    if (hasNoReader(error)) return;
    process.exitCode = 1;
    process.stderr.write(`error: stdout cannot be written: ${error.message}\n`);
  });
}

/** Aborted when nobody reads stdout any more; `release` ends the watch. */
export function unreadSignal(): { signal: AbortSignal; release: () => void } {
  const controller = new AbortController();
  const stop = (error: NodeJS.ErrnoException) => {
    if (hasNoReader(error)) controller.abort();
  };
  process.stdout.on('error', stop);
  return { signal: controller.signal, release: () => process.stdout.off('error', stop) };
}

/** EPIPE is a closed pipe, ECONNRESET a closed socket, EIO a terminal that is gone. */
function hasNoReader({ code }: NodeJS.ErrnoException): boolean {
  return code === 'EPIPE' || code === 'ECONNRESET' || code === 'EIO';
}
