/** TypeScript over everything but the window, which svelte-check knows. */
import { join } from 'node:path';
import { goEnvironment } from './go-environment.ts';
import { project } from './project.ts';
import { runNode } from './run.ts';

/**
 * By TypeScript 7, the compiler in Go: a quarter of the time of TypeScript 6, which ESLint and svelte-check still read sources
 * with. By its path, since both call their program `tsc`. With one checker: each of several would work out for itself what they
 * share, which on two cores is done no sooner and takes nearly twice the processor's time. What it has found is kept beside the
 * packages: a later run looks at what has changed, and at what depends on that.
 */
export function checkTypes(): Promise<string> {
  const program = join(project, 'node_modules/@typescript/native/bin/tsc');
  const options = { name: 'tsc', env: goEnvironment() };
  const kept = ['--incremental', '--tsBuildInfoFile', 'node_modules/.cache/types.tsbuildinfo'];
  return runNode(program, ['-p', 'tsconfig.json', '--checkers', '1', ...kept], options);
}
