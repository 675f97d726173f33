/** `npm run lint`, `npm run format` and the like: a tool of node_modules/.bin by name, with the packages in place. */
import { RunError, runTool } from '../lib/run.ts';
import { setUp } from '../setup/index.ts';

export async function task([tool = '', ...args]: string[]): Promise<number> {
  await setUp('packages');
  try {
    await runTool(tool, args);
    return 0;
  } catch (error) {
    // The tool has said itself what is wrong.
    if (error instanceof RunError) return error.code;
    throw error;
  }
}
