/** What the operating system says of a file, in words. */
import { messageOf } from './message-of.ts';

const reasons: ReadonlyMap<string, string> = new Map([
  ['EACCES', 'permission was denied'],
  ['EPERM', 'permission was denied'],
  ['EROFS', 'the disk is read-only'],
  ['ENOENT', 'there is nothing of this name'],
  ['EISDIR', 'it is a folder, not a file'],
  ['ENOTDIR', 'a file is where a folder should be'],
  ['EEXIST', 'something of this name is there already'],
  ['ELOOP', 'its links lead in a circle'],
  ['ENAMETOOLONG', 'its name is too long'],
  ['EBUSY', 'another program uses it'],
  ['EMFILE', 'too many files are open'],
  ['ENFILE', 'too many files are open'],
  ['ENOSPC', 'the disk is full'],
  ['EDQUOT', 'your share of the disk is used up'],
  ['EFBIG', 'a file may not become so large there, by the file system or a limit (ulimit -f)'],
  ['EIO', 'the disk reports an error'],
  ['ENODEV', 'the disk is not there any more'],
  ['ENXIO', 'the disk is not there any more'],
  ['ESTALE', 'the server has moved or lost it'],
]);

/** The code of an error of Node or of the database: 'EACCES', 'SQLITE_FULL'. */
export function codeOf(thrown: unknown): string | undefined {
  if (!(thrown instanceof Error) || !('code' in thrown)) return undefined;
  return typeof thrown.code === 'string' ? thrown.code : undefined;
}

/** Null for what is no such error. */
export function knownFileReason(thrown: unknown): string | null {
  return reasons.get(codeOf(thrown) ?? '') ?? null;
}

/** The reason in words where it is known, else the message of the error. */
export function fileReason(thrown: unknown): string {
  return knownFileReason(thrown) ?? messageOf(thrown);
}

/** The path that an error of the file system is about. */
export function pathOf(thrown: unknown): string | null {
  if (!(thrown instanceof Error) || !('path' in thrown)) return null;
  return typeof thrown.path === 'string' ? thrown.path : null;
}

/** Whether a file that is open already could not be written: such errors name no path. */
export function isWriting(thrown: unknown): boolean {
  return thrown instanceof Error && 'syscall' in thrown && thrown.syscall === 'write';
}

const databaseReasons: readonly (readonly [string, string])[] = [
  ['SQLITE_FULL', 'the disk is full'],
  ['SQLITE_READONLY', 'it may only be read'],
  ['SQLITE_CANTOPEN', 'its file cannot be opened'],
  ['SQLITE_PERM', 'permission was denied'],
  ['SQLITE_BUSY', 'another program has locked it'],
  ['SQLITE_LOCKED', 'another program has locked it'],
  ['SQLITE_IOERR', 'the disk reports an error, or is full'],
  ['SQLITE_CORRUPT', 'its file is damaged'],
  ['SQLITE_NOTADB', 'its file is no database'],
];

/** The same for errors of SQLite, whose codes may have a further part: 'SQLITE_IOERR_WRITE'. */
export function databaseReason(thrown: unknown): string | null {
  const code = codeOf(thrown) ?? '';
  const is = (start: string) => code === start || code.startsWith(`${start}_`);
  return databaseReasons.find(([start]) => is(start))?.[1] ?? null;
}
