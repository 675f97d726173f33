/** `npm run torture`: kills whatever trains, at random moments. */
import { setUp } from '../setup/index.ts';

export async function task(args: string[]): Promise<number> {
  const asksForHelp = args.includes('--help');
  await setUp(asksForHelp ? 'packages' : 'tests');
  const { tortureAll } = await import('../torture/main.ts');
  return tortureAll(args);
}
