/** The files with which the command line and its engine begin. */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { isBuilt } from './build-studio.ts';
import { project } from './project.ts';

export type ProgramFiles = { commandLine: string; engineWorker: URL };

/**
 * As the studio was built, where that is of these very sources: hundreds of modules lie in a few files there, which are read in
 * half the time. Else the sources.
 */
export function programFiles(built = isBuilt()): ProgramFiles {
  const [commandLine, engineWorker] = built
    ? (['out/main/command-line.js', 'out/main/engine-worker.js'] as const)
    : (['src/cli/index.ts', 'src/main/engine/worker.ts'] as const);
  return {
    commandLine: join(project, commandLine),
    engineWorker: pathToFileURL(join(project, engineWorker)),
  };
}
