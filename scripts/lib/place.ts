/** Makes a file or folder whole or not at all: written beside its place, renamed into it. */
import { chmodSync, mkdirSync, mkdtempSync, renameSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/**
 * Calls `make` with the path of an empty folder beside `target`; what `make` returns (a path inside it, or nothing for
 * the folder itself) becomes `target`. What stood at `target` is replaced. Nothing is left behind when `make` fails.
 */
export async function place(
  target: string,
  make: (folder: string) => Promise<string | undefined>,
): Promise<void> {
  mkdirSync(dirname(target), { recursive: true });
  const folder = mkdtempSync(join(dirname(target), `${basename(target)}.part-`));
  chmodSync(folder, 0o755);
  try {
    const made = (await make(folder)) ?? folder;
    // A file is replaced by rename itself, with no moment in which it is not there.
    if (statSync(made).isDirectory()) rmSync(target, { recursive: true, force: true });
    renameSync(made, target);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
