/** Output folders that are either there whole or not at all. */
import { randomBytes } from 'node:crypto';
import { mkdir, readdir, rename, rm, rmdir } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { lorikeetError } from '../../../shared/errors/lorikeet-error.ts';

/**
 * Lets `write` fill a temporary folder beside `path` and renames it to `path` at the end, so that a failure,
 * a full disk or a stop leaves nothing behind. The temporary folder is on the same disk, which makes the
 * renaming one step. An existing folder is accepted when it is empty.
 * Errors: output/not-empty, output/not-writable, output/disk-full, and whatever `write` throws.
 */
export async function withOutputFolder<T>(
  path: string,
  write: (temporary: string) => Promise<T>,
): Promise<T> {
  const target = resolve(path);
  await checkFree(target);
  const parent = dirname(target);
  const name = `.${basename(target)}.${process.pid}-${randomBytes(4).toString('hex')}.partial`;
  const temporary = join(parent, name);
  let firstMade: string | undefined;
  try {
    firstMade = await mkdir(parent, { recursive: true });
    await mkdir(temporary);
    const result = await write(temporary);
    // Windows does not rename over an empty folder. One that was filled meanwhile stays, and rmdir says so.
    await rmdir(target).catch(ignoreMissing);
    await rename(temporary, target);
    return result;
  } catch (error) {
    await rm(temporary, { recursive: true, force: true });
    if (firstMade !== undefined) await removeEmpty(parent, firstMade);
    throw named(error, target);
  }
}

/** Throws when something is at `target` already. Also for a check before long work. */
export async function checkFree(target: string): Promise<void> {
  const found = await readdir(target).catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') return [];
    throw named(error, target);
  });
  if (found.length > 0) throw lorikeetError('output/not-empty', { path: target });
}

/** Removes the folders that were made on the way to the target, from `folder` up to `first`. */
async function removeEmpty(folder: string, first: string): Promise<void> {
  for (let each = folder; each.length >= first.length; each = dirname(each)) {
    // One that someone else put something into meanwhile stays.
    const removed = await rmdir(each).then(
      () => true,
      () => false,
    );
    if (!removed) return;
  }
}

/** Errors of the file system that a person can do something about, in the project's words. */
function named(error: unknown, path: string): unknown {
  const code = codeOf(error);
  if (code === undefined) return error;
  const cause = { cause: error };
  if (code === 'ENOSPC' || code === 'EDQUOT')
    return lorikeetError('output/disk-full', { path }, cause);
  if (code === 'ENOTEMPTY' || code === 'EEXIST') {
    return lorikeetError('output/not-empty', { path }, cause);
  }
  const reason = reasons.get(code);
  return reason === undefined
    ? error
    : lorikeetError('output/not-writable', { path, reason }, cause);
}

const reasons: ReadonlyMap<string, string> = new Map([
  ['EACCES', 'you may not write there'],
  ['EPERM', 'you may not write there'],
  ['EROFS', 'the disk is read-only'],
  ['ENOTDIR', 'a file is where a folder should be'],
  ['ENAMETOOLONG', 'its name is too long'],
  ['EIO', 'the disk reports an error'],
]);

function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

function ignoreMissing(error: unknown): void {
  if (codeOf(error) !== 'ENOENT') throw error;
}
