/** The npm packages of package-lock.json. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { project } from '../lib/project.ts';
import { run } from '../lib/run.ts';
import type { Step } from './step.ts';

type Lock = { packages: Record<string, { version?: string; optional?: boolean; link?: boolean }> };

function readLock(path: string): Lock {
  return JSON.parse(readFileSync(path, 'utf8')) as Lock;
}

/** npm writes node_modules/.package-lock.json last: what it lists is installed. */
function done(): boolean {
  const installed = join(project, 'node_modules', '.package-lock.json');
  if (!existsSync(installed)) return false;
  const have = readLock(installed).packages;
  return Object.entries(readLock(join(project, 'package-lock.json')).packages).every(
    ([path, wanted]) =>
      path === '' || wanted.optional === true || have[path]?.version === wanted.version,
  );
}

export const nodeModules: Step = {
  name: 'npm packages',
  done,
  run: async () => {
    // No install script of any package is needed, and the one of tfjs-node-gpu would fail without its server.
    const args = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
    const { npm_execpath: npm } = process.env;
    const options = { quiet: true, timeout: 15 * 60_000 };
    if (npm?.endsWith('.js')) await run(process.execPath, [npm, ...args], options);
    else await run('npm', args, options);
  },
};
