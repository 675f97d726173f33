/** The `lorikeet` program itself, in a process of its own, as a person would call it. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { project } from '../../scripts/lib/project.ts';

const start = promisify(execFile);

/** Runs it with --json and gives its last line. Rejects with what it says on stderr when it fails. */
export async function lorikeet(home: string, args: readonly string[]): Promise<unknown> {
  const entry = join(project, 'src/cli/index.ts');
  const { stdout } = await start(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', entry, ...args, '--json'],
    { env: { ...process.env, LORIKEET_HOME: home }, maxBuffer: 1 << 26 },
  );
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '');
}
