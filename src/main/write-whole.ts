/** A file that is there whole or as it was before. */
import { open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { partialName } from './system/partial-name.ts';

/**
 * Writes `content` beside its place, onto the disk, and puts it there; what was there before is replaced, as a person was asked.
 * Fails with what the file system says, and then leaves nothing behind.
 */
export async function writeWhole(path: string, content: string | Uint8Array): Promise<void> {
  const partial = join(dirname(path), partialName(basename(path)));
  try {
    const file = await open(partial, 'wx');
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(partial, path);
  } catch (thrown) {
    await rm(partial, { force: true });
    throw thrown;
  }
}
