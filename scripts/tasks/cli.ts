/** `bin/lorikeet`: the command line program, after the set-up that its command needs. */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { programFiles } from '../lib/program-files.ts';
import { project } from '../lib/project.ts';
import { setUp } from '../setup/index.ts';

/** Commands that train or read nothing: they must work, and say so, where set-up cannot. */
function needsEngine([command]: string[]): boolean {
  return command !== undefined && command !== 'doctor' && command !== 'help';
}

export async function task(args: string[]): Promise<number> {
  const asksForHelp = args.some((arg) => arg === '--help' || arg === '--version');
  await setUp(needsEngine(args) && !asksForHelp ? 'terminal' : 'packages');
  process.argv = [process.execPath, join(project, 'bin/lorikeet'), ...args];
  await import(pathToFileURL(programFiles().commandLine).href);
  return Number(process.exitCode ?? 0);
}
