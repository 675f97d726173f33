/** Files that are on the disk, and not only on the way to it, when a machine loses its power. */
import { open, readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** Has the system write all files of a folder, and the folder itself. Errors: those of the file system as they come. */
export async function flushFolder(folder: string): Promise<void> {
  for (const name of await readdir(folder)) await flush(join(folder, name));
  await flush(folder);
}

/** Of a file its content, of a folder its names. */
export async function flush(path: string): Promise<void> {
  const file = await open(path, 'r');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}
