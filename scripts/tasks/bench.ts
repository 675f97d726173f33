/** `npm run bench`: this project and PyTorch + PEFT side by side. */
import { setUp } from '../setup/index.ts';

export async function task(args: string[]): Promise<number> {
  const asksForHelp = args.includes('--help');
  await setUp(asksForHelp ? 'packages' : 'terminal');
  const { bench } = await import('../../bench/main.ts');
  return bench(args);
}
