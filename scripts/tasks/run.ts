/** `npm run lint`, `npm run format` and the like: a tool of node_modules/.bin by name, with the packages in place. */
import { exitCodeOf, runTool } from '../lib/run.ts';
import { setUp } from '../setup/index.ts';

export async function task([tool = '', ...args]: string[]): Promise<number> {
  await setUp('packages');
  return exitCodeOf(() => runTool(tool, args));
}
