/** Playwright throws where nobody can catch it when an application dies while it starts, or between two messages of it. */

/** From here on such a throw is passed over: whoever waits for the application is told as well. Any other one ends this process. */
export function outliveApplications(): void {
  process.on('uncaughtException', (error) => {
    if (!isOfPlaywright(error)) throw error;
  });
}

function isOfPlaywright({ stack = '' }: Error): boolean {
  const thrownIn = /^\s+at .*$/m.exec(stack)?.[0] ?? '';
  return thrownIn.includes('playwright-core');
}
