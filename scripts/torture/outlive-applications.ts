/** Playwright throws where nobody can catch it when an application dies between two of the messages that it was sending. */

/** From here on such a throw is passed over; the killed application is waited for elsewhere. Any other one ends this process. */
export function outliveApplications(): void {
  process.on('uncaughtException', (error) => {
    if (!isOfDeath(error)) throw error;
  });
}

function isOfDeath({ message, stack = '' }: Error): boolean {
  return message.startsWith('Cannot find parent object') && stack.includes('playwright-core');
}
