/** `npm run setup`: everything that start and test need, ahead of time; `-- --electron` asks for the declared Electron again. */
import { say } from '../lib/say.ts';
import { forgetChoice } from '../setup/electron/step.ts';
import { setUp } from '../setup/index.ts';

export async function task(args: string[]): Promise<number> {
  const unknown = args.filter((arg) => arg !== '--electron');
  if (unknown.length > 0) {
    say(`Unknown: ${unknown.join(' ')}. The one option is --electron.`);
    return 2;
  }
  if (args.length > 0) forgetChoice();
  if (!(await setUp('tests'))) say('Everything is in place already.');
  return 0;
}
