/** The declared Electron, by the downloader that its npm package brings. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { project } from '../../lib/project.ts';
import { runNode } from '../../lib/run.ts';
import { declaredVersion, electronFolder } from './choice.ts';

export function hasDeclared(): boolean {
  const version = join(electronFolder('declared'), 'version');
  return existsSync(version) && readFileSync(version, 'utf8').trim() === declaredVersion();
}

/** A blocked network should cost seconds: whether the download's host answers at all. */
async function hostAnswers(): Promise<boolean> {
  const { ELECTRON_MIRROR: mirror, HTTPS_PROXY: proxy, https_proxy: proxyToo } = process.env;
  // Through a proxy only the downloader itself can tell.
  if (proxy ?? proxyToo) return true;
  const base = mirror ?? 'https://github.com/electron/electron/releases/download/';
  try {
    await fetch(`${base}v${declaredVersion()}/SHASUMS256.txt`, {
      method: 'HEAD',
      signal: AbortSignal.timeout(10_000),
    });
    return true;
  } catch {
    return false;
  }
}

/** Whether the declared Electron is there afterwards. */
export async function fetchDeclared(): Promise<boolean> {
  if (hasDeclared()) return true;
  if (!(await hostAnswers())) return false;
  try {
    const install = join(project, 'node_modules/electron/install.js');
    await runNode(install, [], { quiet: true, timeout: 10 * 60_000 });
  } catch {
    return false;
  }
  return hasDeclared();
}
