/** Output folders that are either there whole or not at all. */
import { existsSync } from 'node:fs';
import { mkdir, readdir, readlink, rename, rm, rmdir, statfs } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { codeOf, knownFileReason } from '../../../shared/errors/file-reason.ts';
import { howMany } from '../../../shared/how-many.ts';
import { lorikeetError, toProblem } from '../../../shared/errors/lorikeet-error.ts';
import type { Problem } from '../../../shared/errors/problem.ts';
import { partialName } from '../../system/partial-name.ts';

/** Whether the folder at `there` holds what the one at `made` does. */
export type IsSame = (there: string, made: string) => Promise<boolean>;

/** Where a folder was put in the end; `moved` says why that is another place than the one that was asked for. */
export type Placed<T> = { path: string; result: T; moved: Problem | null };

/**
 * Lets `write` fill a temporary folder beside `path` and renames it to `path` at the end, so that a failure,
 * a full disk or a stop leaves nothing behind. The temporary folder is on the same disk, which makes the
 * renaming one step. An existing folder is accepted when it is empty; one that was filled while `write` was at work
 * is left alone, and the result takes a free name beside it. `needed` is what `write` needs in bytes, for the message.
 * Errors: output/not-empty, output/not-writable, output/disk-full, and whatever `write` throws.
 */
export async function withOutputFolder<T>(
  path: string,
  write: (temporary: string) => Promise<T>,
  needed: number | null = null,
): Promise<Placed<T>> {
  const target = await targetOf(path);
  await checkFree(target);
  return place(target, write, needed);
}

/**
 * The same for what cannot be done again, such as the end of a training: where `path` takes nothing, the folders in `rescue`
 * are tried in their order. Each place is left as it was if it does not hold the whole. One that holds the same already, by
 * `isSame`, is taken for the result.
 * Errors: those of `path`, when no place takes it.
 */
export async function keepInFolder<T>(
  path: string,
  rescue: readonly string[],
  write: (temporary: string) => Promise<T>,
  isSame?: IsSame,
): Promise<Placed<T>> {
  const failures: unknown[] = [];
  for (const each of [path, ...rescue]) {
    try {
      const placed = await place(await targetOf(each), write, null, isSame);
      return failures.length === 0 ? placed : { ...placed, moved: toProblem(failures[0]) };
    } catch (error) {
      failures.push(error);
    }
  }
  throw failures[0];
}

function place<T>(
  target: string,
  write: (temporary: string) => Promise<T>,
  needed: number | null,
  isSame?: IsSame,
): Promise<Placed<T>> {
  return inPartialFolder(target, needed, async (partial) => {
    const result = await write(partial.path);
    const path = await partial.moveTo(target, isSame);
    const taken = lorikeetError('output/not-empty', { path: target });
    return { path, result, moved: path === target ? null : taken.problem };
  });
}

/**
 * Lets `work` fill a hidden folder beside `target` and move out of it what it has made; nothing of the folder is left afterwards.
 * Errors: those of `work`, of the file system in the project's words.
 */
export async function inPartialFolder<T>(
  target: string,
  needed: number | null,
  work: (partial: PartialFolder) => Promise<T>,
): Promise<T> {
  const partial = new PartialFolder(target);
  try {
    await partial.make();
    return await work(partial);
  } catch (error) {
    throw named(error, target, needed);
  } finally {
    await partial.remove();
  }
}

/** Throws where `target` cannot be written, before long work. Leaves nothing behind. */
export function checkPlace(target: string): Promise<void> {
  return inPartialFolder(target, null, () => Promise.resolve());
}

/**
 * Throws output/disk-full where the disk of `path` has less than `needed` bytes free for the person. A file system that does
 * not tell is left to show it while it is written.
 */
export async function checkRoom(path: string, needed: number): Promise<void> {
  let folder = resolve(path);
  while (!existsSync(folder) && folder !== dirname(folder)) folder = dirname(folder);
  const disk = await statfs(folder).catch(() => null);
  if (disk === null) return;
  const free = disk.bavail * disk.bsize;
  if (free < needed) throw lorikeetError('output/disk-full', { path, needed, free });
}

/**
 * Throws what `withOutputFolder` would throw before it writes, for a check before long work; where it `mayBeFilled`, only what
 * keeps anything from being written. Leaves nothing behind.
 */
export async function checkOutputFolder(path: string, mayBeFilled = false): Promise<void> {
  const target = await targetOf(path);
  if (!mayBeFilled) await checkFree(target);
  await checkPlace(target);
}

/** File systems end names there, in bytes. */
const longestName = 255;

/** Throws output/not-writable for a folder beside which there is no place for another whose name goes on from its own. */
export async function checkRoomInName(path: string, ending: string): Promise<void> {
  const target = await targetOf(path);
  const over = Buffer.byteLength(basename(target) + ending) - longestName;
  if (over <= 0) return;
  const reason = `its name is too long by ${howMany(over, 'byte')}: beside it lies what is called the same with "${ending}" behind it`;
  throw lorikeetError('output/not-writable', { path: target, reason });
}

/** The full path of a folder; of a link, of the folder that it leads to, there or not. */
export async function targetOf(path: string): Promise<string> {
  const full = resolve(path);
  const link = await readlink(full).catch(() => null);
  return link === null ? full : targetOf(resolve(dirname(full), link));
}

/** A hidden folder beside the target, with the folders on the way to it. */
class PartialFolder {
  readonly path: string;
  private readonly target: string;
  private firstMade: string | undefined;

  constructor(target: string) {
    this.target = target;
    this.path = join(dirname(target), partialName(basename(target)));
  }

  async make(): Promise<void> {
    try {
      this.firstMade = await makeFolders(dirname(this.path));
      await mkdir(this.path);
    } catch (cause) {
      if (codeOf(cause) !== 'ENOENT') throw cause;
      const reason = 'a folder on the way to it cannot be made';
      throw lorikeetError('output/not-writable', { path: this.target, reason }, { cause });
    }
  }

  /**
   * Renames it to `target`, or to `target-2`, `target-3`… where something is there meanwhile; gives the name. Where the same is
   * there, that stays.
   */
  async moveTo(target: string, isSame?: IsSame): Promise<string> {
    for (let number = 1; ; number++) {
      const path = number === 1 ? target : `${target}-${number}`;
      if (existsSync(path) && (await isSame?.(path, this.path))) return path;
      if (number > 1 && existsSync(path)) continue;
      try {
        // Windows does not rename over an empty folder. One that was filled meanwhile stays, and rmdir says so.
        await rmdir(path).catch(ignoreMissing);
        await rename(this.path, path);
        return path;
      } catch (error) {
        if (!takenCodes.has(codeOf(error) ?? '')) throw error;
      }
    }
  }

  async remove(): Promise<void> {
    await rm(this.path, { recursive: true, force: true });
    if (this.firstMade !== undefined) await removeEmpty(dirname(this.path), this.firstMade);
  }
}

/** What the file system says of a place where something else is: a filled folder, a file, a disk that is mounted there. */
const takenCodes: ReadonlySet<string> = new Set(['ENOTEMPTY', 'EEXIST', 'ENOTDIR', 'EBUSY']);

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
export function named(error: unknown, path: string, needed: number | null = null): unknown {
  const code = codeOf(error);
  if (code === undefined) return error;
  const cause = { cause: error };
  if (code === 'ENOSPC' || code === 'EDQUOT')
    return lorikeetError('output/disk-full', { path, needed, free: null }, cause);
  if (code === 'ENOTEMPTY' || code === 'EEXIST') {
    return lorikeetError('output/not-empty', { path }, cause);
  }
  const reason = knownFileReason(error);
  return reason === null ? error : lorikeetError('output/not-writable', { path, reason }, cause);
}

function ignoreMissing(error: unknown): void {
  if (codeOf(error) !== 'ENOENT') throw error;
}
