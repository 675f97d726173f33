/** `npm run package`: the application as a folder, in dist/. */
import { buildStudio } from '../lib/build-studio.ts';
import { packageStudio } from '../lib/package-studio.ts';
import { setUp } from '../setup/index.ts';

export async function task(): Promise<number> {
  await setUp('window');
  await buildStudio();
  await packageStudio();
  return 0;
}
