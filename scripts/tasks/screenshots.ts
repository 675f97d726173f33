/** `npm run screenshots`: pictures of every page in dist/screenshots, and those of the README. */
import { readyStudio } from '../lib/ready-studio.ts';

export async function task(args: string[]): Promise<number> {
  const end = await readyStudio();
  try {
    const { takeScreenshots } = await import('../screenshots/main.ts');
    await takeScreenshots(args);
    return 0;
  } finally {
    await end();
  }
}
