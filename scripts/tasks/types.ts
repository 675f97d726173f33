/** `npm run types`: TypeScript over everything but the window, svelte-check over the window. */
import { types, windowTypes } from '../checks/check.ts';
import { RunError } from '../lib/run.ts';
import { setUp } from '../setup/index.ts';

export async function task(): Promise<number> {
  await setUp('packages');
  let worst = 0;
  for (const check of [types, windowTypes]) {
    try {
      await check.run();
    } catch (error) {
      // The tool has said itself what is wrong.
      if (!(error instanceof RunError)) throw error;
      worst = Math.max(worst, error.code);
    }
  }
  return worst;
}
