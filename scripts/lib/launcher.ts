/**
 * What scripts/boot.mjs, which started this process, tells it over the channel between them: a Ctrl-C, and by the channel's end that it
 * is gone itself. Nobody else knows this process, so it would go on without a master.
 */

/** A terminal sends its Ctrl-C to both, at nearly the same time: then what the launcher tells is known already. */
const sameMs = 200;

/** Takes over what comes to the launcher alone; does nothing in a process that something else has started. */
export function followLauncher(): void {
  const { channel } = process;
  if (channel === undefined) return;
  let ownAt = -Infinity;
  process.on('SIGINT', function own() {
    ownAt = performance.now();
    if (process.listenerCount('SIGINT') > 1) return;
    // Nothing else listens, so that the process ends as it would without this.
    process.off('SIGINT', own);
    process.kill(process.pid, 'SIGINT');
  });
  process.on('message', (message) => {
    if (message !== 'SIGINT') return;
    const since = performance.now() - sameMs;
    setTimeout(() => {
      if (ownAt < since) process.kill(process.pid, 'SIGINT');
    }, sameMs);
  });
  process.on('disconnect', () => {
    process.kill(process.pid, 'SIGTERM');
  });
  // It keeps no process alive that has done its work.
  channel.unref();
}
