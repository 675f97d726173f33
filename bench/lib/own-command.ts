/** The `lorikeet` program itself, in a process of its own, as a person would call it. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { programFiles } from '../../scripts/lib/program-files.ts';

const start = promisify(execFile);

/** Runs it with --json and gives its last line. Rejects with what it says on stderr when it fails. */
export async function lorikeet(home: string, args: readonly string[]): Promise<unknown> {
  const { commandLine } = programFiles();
  const { stdout } = await start(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', commandLine, ...args, '--json'],
    { env: { ...process.env, LORIKEET_HOME: home }, maxBuffer: 1 << 26 },
  );
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '');
}
