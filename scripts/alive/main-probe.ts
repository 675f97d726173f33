/** Measures the main process from inside: how long its event loop was blocked, and what it and the window hold. */
import type { ElectronApplication } from 'playwright-core';

declare global {
  /** The longest that main's event loop was kept, in milliseconds, since it was last asked. */
  var longestBlock: number;
}

/** Looks every few milliseconds; what comes later than it should was kept waiting. */
export async function watchEventLoop(app: ElectronApplication): Promise<void> {
  await app.evaluate(() => {
    const every = 5;
    let last = performance.now();
    globalThis.longestBlock = 0;
    setInterval(() => {
      const now = performance.now();
      globalThis.longestBlock = Math.max(globalThis.longestBlock, now - last - every);
      last = now;
    }, every);
  });
}

/** The longest block since this was asked last, in milliseconds. */
export function longestBlock(app: ElectronApplication): Promise<number> {
  return app.evaluate(() => {
    const longest = globalThis.longestBlock;
    globalThis.longestBlock = 0;
    return longest;
  });
}

/** Resident memory of main and of the window's process, in MB. */
export function memoryOf(app: ElectronApplication): Promise<{ main: number; window: number }> {
  return app.evaluate(({ app: electron }) => {
    const of = (type: string) =>
      electron
        .getAppMetrics()
        .filter((each) => each.type === type)
        .reduce((sum, { memory }) => sum + memory.workingSetSize / 1000, 0);
    return { main: of('Browser'), window: of('Tab') };
  });
}
