/** The files of a change, in a repository of its own. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { changedFiles } from '../../../scripts/checks/changed-files.ts';

it('are those of the branch, of the working tree and new ones, but none that are gone', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'lorikeet-changed-'));
  onTestFinished(() => {
    rmSync(folder, { recursive: true });
  });
  const who = ['-c', 'user.name=A', '-c', 'user.email=a@example.org'];
  const git = (...args: string[]) => execFileSync('git', [...who, ...args], { cwd: folder });
  const write = (name: string, text: string) => {
    writeFileSync(join(folder, name), text);
  };
  git('init', '--quiet', '--initial-branch=main');
  for (const name of ['same', 'edited', 'removed', 'committed']) write(name, '1');
  git('add', '.');
  git('commit', '--quiet', '--message=first');
  expect(await changedFiles(folder)).toEqual([]);
  git('switch', '--quiet', '--create', 'work');
  write('committed', '2');
  git('commit', '--quiet', '--all', '--message=second');
  write('edited', '2');
  write('a name with ü', '1');
  rmSync(join(folder, 'removed'));
  expect(await changedFiles(folder)).toEqual(['a name with ü', 'committed', 'edited']);
});
