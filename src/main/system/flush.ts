/** Files that are on the disk, and not only on the way to it, when a machine loses its power. */
import { closeSync, fsyncSync, openSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Waits until all files of a folder, and the folder itself, are on the disk. Errors: those of the file system as they come. */
export function flushFolder(folder: string): void {
  for (const name of readdirSync(folder)) flush(join(folder, name));
  flush(folder);
}

/** Of a file its content, of a folder its names. */
export function flush(path: string): void {
  const file = openSync(path, 'r');
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
