/** The system libraries that Electron is linked to, and a virtual screen where there is none. */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { hasDisplay } from '../lib/display.ts';
import { run } from '../lib/run.ts';
import { SetupError } from '../lib/setup-error.ts';
import { electronFolder, readChoice } from './electron/choice.ts';
import type { Step } from './step.ts';

/** Debian's names; they bring the rest with them. */
const libraries = ['libgtk-3-0', 'libnss3', 'libatk-bridge2.0-0', 'libgbm1', 'libdrm2'];

/** What the loader does not find: ['libgtk-3.so.0']. */
function missingLibraries(): string[] {
  const choice = readChoice();
  if (!choice) return [];
  const electron = join(electronFolder(choice.kind), 'electron');
  const { stdout } = spawnSync('ldd', [electron], { encoding: 'utf8' });
  return [...stdout.matchAll(/^\s*(\S+) => not found/gm)].map(([, name = '']) => name);
}

function missingScreen(): boolean {
  return !hasDisplay() && spawnSync('Xvfb', ['-help']).error !== undefined;
}

/** libasound2 has another name since Debian 13 and Ubuntu 24.04. */
function soundLibrary(): string {
  const { status } = spawnSync('apt-cache', ['show', 'libasound2t64']);
  return status === 0 ? 'libasound2t64' : 'libasound2';
}

/** Installs as root on a Debian-based system; otherwise says what to install. */
async function install(missing: string[], packages: string[]): Promise<void> {
  const what = `Missing for the window: ${missing.join(', ')}.`;
  if (!existsSync('/usr/bin/apt-get'))
    throw new SetupError(what, 'install them with the package manager of your system');
  const isRoot = execFileSync('id', ['-u'], { encoding: 'utf8' }).trim() === '0';
  if (!isRoot) throw new SetupError(what, `sudo apt-get install ${packages.join(' ')}`);
  const options = [
    '-qq',
    ...['DPkg::Lock::Timeout=300', 'Acquire::http::Timeout=30', 'Acquire::Retries=2'].flatMap(
      (option) => ['-o', option],
    ),
  ];
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const settings = { env, quiet: true, timeout: 15 * 60_000 };
  await run('apt-get', [...options, 'update'], settings);
  // Names may differ once the list is fresh.
  const names = [...packages.filter((name) => !name.startsWith('libasound2')), soundLibrary()];
  await run(
    'apt-get',
    [...options, 'install', '--yes', '--no-install-recommends', ...names],
    settings,
  );
}

/** `screen`: whether a virtual one is wanted where there is no real one (tests). */
export function systemLibraries(screen: boolean): Step {
  const missing = () => [
    ...missingLibraries(),
    ...(screen && missingScreen() ? ['Xvfb (a virtual screen)'] : []),
  ];
  return {
    name: 'System libraries for the window',
    done: () => process.platform !== 'linux' || missing().length === 0,
    run: async (tell) => {
      const lacking = missing();
      const packages = [...libraries, soundLibrary(), ...(screen ? ['xvfb'] : [])];
      tell(`missing: ${lacking.join(', ')}; installing with apt-get: ${packages.join(' ')}`);
      await install(lacking, packages);
    },
  };
}
