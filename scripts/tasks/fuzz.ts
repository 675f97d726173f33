/** `npm run fuzz`: what readers make of changed files. */
import { setUp } from '../setup/index.ts';

export async function task(args: string[]): Promise<number> {
  await setUp('packages');
  const { fuzz } = await import('../fuzz/main.ts');
  return fuzz(args);
}
