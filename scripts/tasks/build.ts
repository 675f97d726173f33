/** `npm run build`: the studio into out/. */
import { buildStudio } from '../lib/build-studio.ts';
import { say } from '../lib/say.ts';
import { setUp } from '../setup/index.ts';

export async function task(): Promise<number> {
  await setUp('window');
  if (!(await buildStudio())) say('out/ is up to date.');
  return 0;
}
