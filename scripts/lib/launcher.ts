/**
 * What scripts/boot.mjs, which started this process, tells it over the channel between them: a Ctrl-C, and by the channel's end that it
 * is gone itself. Nobody else knows this process, so it would go on without a master.
 */

/** In that time the system has brought a terminal's Ctrl-C, which goes to both at once, to this process too. */
const deliveryMs = 200;

/** Takes over what comes to the launcher alone; does nothing in a process that something else has started. */
export function followLauncher(): void {
  const { channel } = process;
  if (channel === undefined) return;
  // Counted and not timed: on a busy machine the launcher tells of a Ctrl-C long after it came here.
  let seen = 0;
  let told = 0;
  process.on('SIGINT', function own() {
    seen += 1;
    if (process.listenerCount('SIGINT') > 1) return;
    // Nothing else listens, so that the process ends as it would without this.
    process.off('SIGINT', own);
    process.kill(process.pid, 'SIGINT');
  });
  process.on('message', (message) => {
    if (message !== 'SIGINT') return;
    told += 1;
    const count = told;
    setTimeout(() => {
      if (seen < count) process.kill(process.pid, 'SIGINT');
    }, deliveryMs);
  });
  process.on('disconnect', () => {
    process.kill(process.pid, 'SIGTERM');
  });
  // It keeps no process alive that has done its work.
  channel.unref();
}
