/** The virtual environment that the peer runs in. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { place } from '../../scripts/lib/place.ts';
import { project } from '../../scripts/lib/project.ts';
import { interrupted, run, RunError } from '../../scripts/lib/run.ts';
import { say } from '../../scripts/lib/say.ts';
import { SetupError } from '../../scripts/lib/setup-error.ts';
import { cachePaths } from '../../src/main/cache.ts';

const requirements = join(project, 'bench/requirements.txt');

/**
 * The path of the Python that has the peer's packages. Made in the cache at the first use; `given` is a folder of a virtual
 * environment that is there already.
 */
export async function benchPython(given: string | undefined): Promise<string> {
  const hash = createHash('sha256').update(readFileSync(requirements)).digest('hex');
  const folder = given ?? join(cachePaths().root, `bench-venv-${hash.slice(0, 12)}`);
  const python = join(folder, 'bin/python');
  if (existsSync(python)) return python;
  if (given !== undefined) {
    throw new SetupError(
      `There is no virtual environment at ${given}.`,
      'leave --venv out (and LORIKEET_BENCH_VENV unset), and the bench makes its own',
    );
  }
  say('• PyTorch, transformers and PEFT into a virtual environment (about 1 GB, once) …');
  await place(folder, async (made) => {
    await make(made);
    return undefined;
  });
  return python;
}

async function make(folder: string): Promise<void> {
  const inside = join(folder, 'bin/python');
  try {
    await run('python3', ['-m', 'venv', folder], { quiet: true });
    const install = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check'];
    await run(inside, [...install, '-r', requirements], { quiet: true, timeout: 60 * 60_000 });
  } catch (error) {
    if (!(error instanceof RunError) || error.code === interrupted) throw error;
    throw new SetupError(
      error.message,
      'it needs Python 3.11 or newer with venv (apt-get install python3-venv) and the Python package index',
    );
  }
}
