/** Which Electron this machine uses: the declared one, or the fallback where its download is blocked. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { cachePaths } from '../../../src/main/cache.ts';
import { fallbackElectronVersion } from '../../../src/shared/cache-layout.mjs';
import { project } from '../../lib/project.ts';

export type Choice = { kind: 'declared' | 'fallback'; declaredVersion: string };

/** The version in node_modules, which is the one of package.json. */
export function declaredVersion(): string {
  const manifest = readFileSync(join(project, 'node_modules/electron/package.json'), 'utf8');
  return (JSON.parse(manifest) as { version: string }).version;
}

/** What was decided earlier for the version that is declared now. */
export function readChoice(): Choice | null {
  const file = cachePaths().electronChoice;
  if (!existsSync(file)) return null;
  const choice = JSON.parse(readFileSync(file, 'utf8')) as Choice;
  return choice.declaredVersion === declaredVersion() ? choice : null;
}

export function writeChoice(kind: Choice['kind']): void {
  const file = cachePaths().electronChoice;
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, JSON.stringify({ kind, declaredVersion: declaredVersion() }));
}

/** The folder of the Electron in use. */
export function electronFolder(kind: Choice['kind']): string {
  return kind === 'declared'
    ? join(project, 'node_modules/electron/dist')
    : join(cachePaths().fallbackElectron, 'dist');
}

/** What the build, Electron's own starter and Playwright read to use the Electron that was chosen. */
export function electronEnvironment(): Record<string, string> {
  if (readChoice()?.kind !== 'fallback') return {};
  const [major = ''] = fallbackElectronVersion.split('.');
  return {
    ELECTRON_OVERRIDE_DIST_PATH: electronFolder('fallback'),
    ELECTRON_MAJOR_VER: major,
  };
}
