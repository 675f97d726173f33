/** Makes a file or folder whole or not at all: written beside its place, renamed into it. */
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { SetupError } from './setup-error.ts';

const twoHours = 2 * 60 * 60_000;

/** What an earlier attempt left that was killed; younger ones may belong to one that still runs. */
function removeLeftovers(target: string): void {
  const folder = dirname(target);
  for (const name of readdirSync(folder)) {
    if (!name.startsWith(`${basename(target)}.part-`)) continue;
    const path = join(folder, name);
    if (Date.now() - statSync(path).mtimeMs > twoHours) rmSync(path, { recursive: true });
  }
}

function emptyFolderBeside(target: string): string {
  try {
    mkdirSync(dirname(target), { recursive: true });
    removeLeftovers(target);
    const folder = mkdtempSync(join(dirname(target), `${basename(target)}.part-`));
    chmodSync(folder, 0o755);
    return folder;
  } catch (error) {
    throw new SetupError(
      `Nothing can be written to ${dirname(target)}: ${error instanceof Error ? error.message : String(error)}.`,
      'give yourself the right to write there, or name another cache folder: LORIKEET_CACHE=FOLDER',
    );
  }
}

/**
 * Calls `make` with the path of an empty folder beside `target`; what `make` returns (a path inside it, or nothing for
 * the folder itself) becomes `target`. What stood at `target` is replaced. Nothing is left behind when `make` fails.
 */
export async function place(
  target: string,
  make: (folder: string) => Promise<string | undefined>,
): Promise<void> {
  const folder = emptyFolderBeside(target);
  try {
    const made = (await make(folder)) ?? folder;
    // A file is replaced by rename itself, with no moment in which it is not there.
    if (statSync(made).isDirectory()) rmSync(target, { recursive: true, force: true });
    renameSync(made, target);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
