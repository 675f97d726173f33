/** `npm run alive`: measures whether the window stays alive; goals and what was seen are a table. */
import { readyStudio } from '../lib/ready-studio.ts';

export async function task(args: string[]): Promise<number> {
  const { alive, asksForHelp } = await import('../alive/main.ts');
  if (asksForHelp(args)) return 0;
  const end = await readyStudio();
  try {
    return await alive(args);
  } finally {
    await end();
  }
}
