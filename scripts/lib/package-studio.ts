/** Makes the application in dist/ with electron-builder, out of the build in out/ and what set-up has put into the cache. */
import { rmSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { cachePaths } from '../../src/main/cache.ts';
import { electronFolder, readChoice } from '../setup/electron/choice.ts';
import { runtimeFolder } from '../setup/tensorflow.ts';
import { project } from './project.ts';
import { runTool } from './run.ts';
import { say, seconds } from './say.ts';

const folder = join(project, 'dist/linux-unpacked');
/** The program that packageStudio makes. */
export const packagedProgram = join(folder, 'lorikeet');

/** What the folder can be packed into for others, as electron-builder calls it. */
export const installers = ['deb', 'AppImage'] as const;
export type Installer = (typeof installers)[number];

/**
 * Packs the folder that packageStudio has made. electron-builder fetches the tool for it: fpm for a deb (CUSTOM_FPM_PATH names
 * another), a runtime and squashfs for an AppImage.
 */
export async function packInstaller(installer: Installer): Promise<void> {
  const started = performance.now();
  say(`• ${installer} …`);
  const args = ['--linux', installer, '--publish', 'never', '--config', 'electron-builder.yml'];
  await runTool('electron-builder', [...args, '--prepackaged', folder], {
    ...{ quiet: true, timeout: installerPatienceMs },
  });
  say(`✓ ${installer} in dist/ (${seconds(performance.now() - started)})`);
}

/** Packing some hundred megabytes, and fetching the tool. */
const installerPatienceMs = 20 * 60_000;

export async function packageStudio(): Promise<void> {
  const started = performance.now();
  say('• Packaging …');
  const choice = readChoice()?.kind ?? 'declared';
  const args = ['--linux', 'dir', '--publish', 'never', '--config', 'electron-builder.yml'];
  await runTool('electron-builder', [...args, `-c.electronDist=${electronFolder(choice)}`], {
    quiet: true,
    env: {
      ...process.env,
      // electron-builder joins these to the project's folder, so they are relative to it.
      LORIKEET_PACKAGE_RUNTIME: relative(project, runtimeFolder()),
      LORIKEET_PACKAGE_MODEL: relative(project, dirname(cachePaths().starterModel)),
    },
  });
  rmSync(join(dirname(packagedProgram), 'resources/default_app.asar'), { force: true });
  const note =
    choice === 'fallback' ? ', with the fallback Electron: to try out, not to pass on' : '';
  say(`✓ Packaging: ${packagedProgram} (${seconds(performance.now() - started)}${note})`);
}
