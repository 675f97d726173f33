/** Electron for this machine: the declared version, or the fallback where it cannot be had. */
import { rmSync } from 'node:fs';
import { cachePaths } from '../../../src/main/cache.ts';
import { fallbackElectronVersion } from '../../../src/shared/cache-layout.mjs';
import { SetupError } from '../../lib/setup-error.ts';
import type { Step } from '../step.ts';
import { declaredVersion, readChoice, writeChoice } from './choice.ts';
import { fetchDeclared, hasDeclared } from './declared.ts';
import { hasFallback, hasStarter, makeFallback, putStarter } from './fallback.ts';
import { hasFallbackSqlite, putFallbackSqlite, removeFallbackSqlite } from './sqlite.ts';

/** `npm run setup -- --electron` tries the declared one again. */
export function forgetChoice(): void {
  rmSync(cachePaths().electronChoice, { force: true });
}

export const electron: Step = {
  name: 'Electron',
  done: () => {
    const choice = readChoice();
    if (choice?.kind === 'declared') return hasDeclared();
    return choice?.kind === 'fallback' && hasFallback() && hasStarter() && hasFallbackSqlite();
  },
  run: async (tell) => {
    if (readChoice()?.kind !== 'fallback') {
      tell(`asking for Electron ${declaredVersion()}`);
      if (await fetchDeclared()) {
        removeFallbackSqlite();
        writeChoice('declared');
        return;
      }
      if (process.platform !== 'linux' || process.arch !== 'x64')
        throw new SetupError(
          `Electron ${declaredVersion()} cannot be downloaded.`,
          'Look at the connection (ELECTRON_MIRROR names another server), then run the same command again.',
        );
      tell(
        `its download is blocked here; Electron ${fallbackElectronVersion} serves for development and tests (npm run setup -- --electron tries again)`,
      );
    }
    if (!hasFallback()) await makeFallback(tell);
    if (!hasStarter()) await putStarter();
    if (!hasFallbackSqlite()) await putFallbackSqlite(tell);
    writeChoice('fallback');
  },
};
