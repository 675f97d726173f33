/** `npm run torture`: kinds in turn, and what came of them. */
import { mkdirSync } from 'node:fs';
import { CommanderError } from 'commander';
import { compiledQuickly } from '../checks/compiled-programs.ts';
import { say } from '../lib/say.ts';
import { outliveApplications } from './outlive-applications.ts';
import { readOptions, type TortureOptions } from './options.ts';
import type { Report } from './report.ts';
import { torture } from './torture.ts';

/** Resolves with the exit code: 0, 1 where a fault was found, 2 for a wrong call. */
export async function tortureAll(args: readonly string[]): Promise<number> {
  let options: TortureOptions;
  try {
    options = readOptions(args);
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    throw error;
  }
  const { kind, kills, seed } = options;
  const variables = compiledQuickly();
  mkdirSync(variables['LORIKEET_TEST_PROGRAMS'] ?? '', { recursive: true });
  Object.assign(process.env, variables);
  const { default: prepareWindows } = await import('../../test/support/studio-setup.ts');
  const end = kind.some((each) => each !== 'cli') ? await prepareWindows() : null;
  const reports: Report[] = [];
  outliveApplications();
  try {
    for (const [index, each] of kind.entries()) {
      say(`── ${each}`);
      // As many of each, the first ones what is left over.
      const own = Math.floor((kills + kind.length - 1 - index) / kind.length);
      const report = await torture(each, { kills: own, seed, say });
      reports.push(report);
      for (const line of report.lines()) say(line);
    }
  } finally {
    await end?.();
  }
  return reports.some(({ faults }) => faults.length > 0) ? 1 : 0;
}
