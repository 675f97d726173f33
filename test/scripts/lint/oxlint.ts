import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { project } from '../../../scripts/lib/project.ts';

/** Runs oxlint with the options of the project, in a folder of one's own. */
export function oxlint(
  args: readonly string[],
  folder = project,
): Promise<{ code: number; output: string }> {
  const program = join(project, 'node_modules/oxlint/bin/oxlint');
  const configured = ['-c', join(project, 'oxlint.config.ts'), ...args];
  return new Promise((resolve) => {
    execFile(process.execPath, [program, ...configured], { cwd: folder }, (error, output) => {
      resolve({ code: error === null ? 0 : Number(error.code), output });
    });
  });
}
