/** `npm run package`: the application in dist/, as a folder, a deb and an AppImage; `-- --folder` makes the folder alone. */
import { buildStudio } from '../lib/build-studio.ts';
import { installers, packageStudio, packInstaller } from '../lib/package-studio.ts';
import { RunError } from '../lib/run.ts';
import { say } from '../lib/say.ts';
import { setUp } from '../setup/index.ts';

export async function task(args: string[]): Promise<number> {
  await setUp('window');
  await buildStudio();
  await packageStudio();
  if (args.includes('--folder')) return 0;
  let missing = 0;
  for (const installer of installers) {
    try {
      await packInstaller(installer);
    } catch (error) {
      if (!(error instanceof RunError)) throw error;
      // The others do not depend on it.
      say(`✗ ${installer}: ${error.message}`);
      missing += 1;
    }
  }
  return missing === 0 ? 0 : 1;
}
