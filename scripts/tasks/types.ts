/** `npm run types`: TypeScript over everything but the window, svelte-check over the window. */
import { types, windowTypes } from '../checks/check.ts';
import { exitCodeOf } from '../lib/run.ts';
import { setUp } from '../setup/index.ts';

export async function task(): Promise<number> {
  await setUp('packages');
  return Math.max(await exitCodeOf(types.run), await exitCodeOf(windowTypes.run));
}
