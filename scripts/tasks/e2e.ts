/** `npm run e2e`: the tests on the real window; they do their own set-up (test/support/studio-setup.ts). */
import { setUp } from '../setup/index.ts';
import { task as run } from './run.ts';

export async function task(args: string[]): Promise<number> {
  await setUp('tests');
  return run(['vitest', 'run', '--project', 'e2e', ...args]);
}
