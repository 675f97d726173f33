/** Runs one command line and sets the exit code of the process. */
import { CommanderError } from 'commander';
import { toProblem } from '../shared/errors/lorikeet-error.ts';
import { printProblem } from './output.ts';
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
    process.exitCode = problem.code === 'engine/cancelled' ? interruptedExitCode : 1;
  }
}
