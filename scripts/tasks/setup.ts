/** `npm run setup`: everything that start and test need, ahead of time. */
import { say } from '../lib/say.ts';
import { setUp } from '../setup/index.ts';

export async function task(): Promise<number> {
  if (!(await setUp('tests'))) say('Everything is in place already.');
  return 0;
}
