/** A small disk of memory, for tests of a full one. Only root on Linux may mount it. */
import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdirSync } from 'node:fs';
import { codeOf } from '../../src/shared/errors/file-reason.ts';

/** Mounts a disk of `size` ('24k') at `path`, which is made; gives what unmounts it, or null where mounting is not allowed. */
export function smallDisk(path: string, size: string): (() => void) | null {
  mkdirSync(path);
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return null;
  try {
    const options = ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', path];
    execFileSync('mount', options, { stdio: 'ignore' });
  } catch {
    return null;
  }
  return () => {
    execFileSync('umount', [path]);
  };
}

/** Writes to `path` until nothing fits on its disk any more. */
export function fillUp(path: string): void {
  try {
    for (;;) appendFileSync(path, Buffer.alloc(4096));
  } catch (thrown) {
    if (codeOf(thrown) !== 'ENOSPC') throw thrown;
  }
}
