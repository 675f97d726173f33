/** Runs one command line and sets the exit code of the process. */
import { CommanderError } from 'commander';
import { openLog } from '../main/log.ts';
import { dataPaths } from '../main/paths.ts';
import { LorikeetError, toProblem } from '../shared/errors/lorikeet-error.ts';
import { printProblem, tellLog } from './output.ts';
import { buildProgram } from './program.ts';
import { interruptedExitCode } from './stop-signal.ts';

/**
 * Does what the arguments ask; never throws. A command that did its work and found something wrong
 * (a failed proof) sets the exit code 1 itself.
 */
export async function main(args: readonly string[]): Promise<void> {
  try {
    await buildProgram().parseAsync(args, { from: 'user' });
  } catch (thrown) {
    if (thrown instanceof CommanderError) {
      // commander has written its message itself. Help that was asked for is no error.
      process.exitCode = thrown.exitCode === 0 ? 0 : 2;
      return;
    }
    const problem = toProblem(thrown);
    printProblem(problem, args.includes('--json'));
    if (unforeseen.has(problem.code)) {
      const log = openLog(dataPaths().log);
      // What comes from the engine is there already.
      if (!(thrown instanceof LorikeetError)) log.note(`command line: ${stackOf(thrown)}`);
      tellLog(log);
    }
    process.exitCode = problem.code === 'engine/cancelled' ? interruptedExitCode : 1;
  }
}

/** Codes of what nobody expected, of which the log has more. */
const unforeseen: ReadonlySet<string> = new Set(['internal/unexpected', 'engine/stopped']);

function stackOf(thrown: unknown): string {
  return (thrown instanceof Error ? thrown.stack : null) ?? String(thrown);
}
