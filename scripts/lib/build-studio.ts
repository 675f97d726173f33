/** Builds the studio into out/, unless what lies there was built from these very sources. */
import { createHash } from 'node:crypto';
import { existsSync, globSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { electronEnvironment } from '../setup/electron/choice.ts';
import { project } from './project.ts';
import { runTool } from './run.ts';
import { say, seconds } from './say.ts';

/** Changes whenever the result of the build would. */
function fingerprint(): string {
  const hash = createHash('sha256').update(JSON.stringify(electronEnvironment()));
  const files = globSync(['src/**/*.*', 'electron.vite.config.ts', 'package-lock.json'], {
    cwd: project,
  });
  for (const file of files.sort()) hash.update(file).update(readFileSync(join(project, file)));
  return hash.digest('hex');
}

const stamp = join(project, 'out/built-from');

/** The fingerprint of what out/ was built from; null where nothing was built. */
function builtFrom(): string | null {
  return existsSync(stamp) ? readFileSync(stamp, 'utf8') : null;
}

/** Whether what lies in out/ was built from these very sources, which are read only where something was built. */
export function isBuilt(): boolean {
  const sources = builtFrom();
  return sources !== null && sources === fingerprint();
}

/** Returns whether there was anything to build. */
export async function buildStudio(): Promise<boolean> {
  const wanted = fingerprint();
  if (builtFrom() === wanted) return false;
  const started = performance.now();
  say('• Building the studio …');
  // A build that fails leaves half of itself.
  rmSync(stamp, { force: true });
  await runTool('electron-vite', ['build', '--logLevel', 'warn'], {
    quiet: true,
    env: { ...process.env, ...electronEnvironment() },
  });
  writeFileSync(stamp, wanted);
  say(`✓ Building the studio (${seconds(performance.now() - started)})`);
  return true;
}
