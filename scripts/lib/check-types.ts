/** TypeScript over everything but the window, which svelte-check knows. */
import { join } from 'node:path';
import { project } from './project.ts';
import { runNode } from './run.ts';

/**
 * By TypeScript 7, the compiler in Go: a quarter of the time of TypeScript 6, which ESLint and svelte-check still read sources
 * with. By its path, since both call their program `tsc`. Of several checkers each would work out for itself what they share,
 * which on few cores takes twice the processor's time and is done no sooner.
 */
export function checkTypes(): Promise<string> {
  const program = join(project, 'node_modules/@typescript/native/bin/tsc');
  return runNode(program, ['-p', 'tsconfig.json', '--checkers', '1'], { name: 'tsc' });
}
