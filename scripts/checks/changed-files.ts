/** Which files a change is about. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { project } from '../lib/project.ts';
import { run, RunError } from '../lib/run.ts';

async function git(folder: string, ...args: string[]): Promise<string> {
  return (await run('git', args, { cwd: folder, quiet: true })).trim();
}

/** Where the change began: the last commit that it has in common with the branch that it is for, and HEAD where there is none. */
async function base(folder: string): Promise<string> {
  for (const branch of ['@{upstream}', 'origin/HEAD', 'main']) {
    try {
      return await git(folder, 'merge-base', 'HEAD', branch);
    } catch (error) {
      if (!(error instanceof RunError)) throw error;
      // There is no such branch.
    }
  }
  return 'HEAD';
}

/** Committed on this branch, not committed yet, or new; paths from the root, without those that are gone. */
export async function changedFiles(folder = project): Promise<string[]> {
  const known = await git(folder, 'diff', '--name-only', '-z', await base(folder));
  const added = await git(folder, 'ls-files', '--others', '--exclude-standard', '-z');
  const files = `${known}\0${added}`.split('\0').filter((file) => file !== '');
  return [...new Set(files)].filter((file) => existsSync(join(folder, file))).sort();
}
