/** Output folders that are either there whole or not at all. */
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
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
  const partial = new PartialFolder(target);
  try {
    await partial.make();
    const result = await write(partial.path);
    // Windows does not rename over an empty folder. One that was filled meanwhile stays, and rmdir says so.
    await rmdir(target).catch(ignoreMissing);
    await rename(partial.path, target);
    return result;
  } catch (error) {
    await partial.remove();
    throw named(error, target);
  }
}

/** Throws what `withOutputFolder` would throw before it writes, for a check before long work. Leaves nothing behind. */
export async function checkOutputFolder(path: string): Promise<void> {
  const target = resolve(path);
  await checkFree(target);
  const partial = new PartialFolder(target);
  try {
    await partial.make();
  } catch (error) {
    throw named(error, target);
  } finally {
    await partial.remove();
  }
}

/** A hidden folder beside the target, with the folders on the way to it. */
class PartialFolder {
  readonly path: string;
  private firstMade: string | undefined;

  constructor(target: string) {
    const name = `.${basename(target)}.${process.pid}-${randomBytes(4).toString('hex')}.partial`;
    this.path = join(dirname(target), name);
  }

  async make(): Promise<void> {
    try {
      this.firstMade = await makeFolders(dirname(this.path));
      await mkdir(this.path);
    } catch (cause) {
      if (codeOf(cause) !== 'ENOENT') throw cause;
      const reason = 'a folder on the way to it cannot be made';
      throw lorikeetError('output/not-writable', { path: this.path, reason }, { cause });
    }
  }

  async remove(): Promise<void> {
    await rm(this.path, { recursive: true, force: true });
    if (this.firstMade !== undefined) await removeEmpty(dirname(this.path), this.firstMade);
  }
}

/** Throws when something is at `target` already. */
async function checkFree(target: string): Promise<void> {
  const found = await readdir(target).catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') return [];
    throw named(error, target);
  });
  if (found.length > 0) throw lorikeetError('output/not-empty', { path: target });
}

/**
 * Makes the folders up to `path` and gives the first that was missing. Not with mkdir's `recursive`, which never ends where
 * a file system answers ENOENT for a folder that cannot be made, as /proc does (seen in Node 24).
 */
async function makeFolders(path: string): Promise<string | undefined> {
  const missing: string[] = [];
  for (let folder = path; !existsSync(folder); folder = dirname(folder)) missing.unshift(folder);
  for (const folder of missing) {
    await mkdir(folder).catch((error: unknown) => {
      if (codeOf(error) !== 'EEXIST') throw error;
    });
  }
  return missing[0];
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
