/** A copy of the store before its tables are changed by a newer Lorikeet. */
import { existsSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Database } from 'better-sqlite3';
import { databaseReason, fileReason } from '../../shared/errors/file-reason.ts';
import { lorikeetError } from '../../shared/errors/lorikeet-error.ts';
import { flush } from '../system/flush.ts';
import { formatInFile } from './format-in-file.ts';

/** As many are kept, those of the newest formats. */
const kept = 2;

/** 'lorikeet.db.before-11': the store as it was when format 10 was its last. */
function backupPath(path: string, format: number): string {
  return `${path}.before-${format + 1}`;
}

/** The copy of the newest format; null where there is none. */
export function newestBackup(path: string): string | null {
  return backupsOf(path)[0] ?? null;
}

/**
 * Copies the open store, of this format, beside its file and onto the disk, and throws older copies away. Fails with
 * 'store/no-backup', and then nothing is there that was not before.
 */
export function backUp(database: Database, format: number): void {
  const path = database.name;
  const made = `${path}.copy-${process.pid}`;
  try {
    rmSync(made, { force: true });
    database.prepare('vacuum into ?').run(made);
    // Another process may have migrated meanwhile; its copy is there then, and this is none of the format before.
    if (formatInFile(made) === format) {
      flush(made);
      renameSync(made, backupPath(path, format));
      flush(dirname(path));
    } else rmSync(made);
  } catch (error) {
    rmSync(made, { force: true });
    const reason = databaseReason(error) ?? fileReason(error);
    const bytes = existsSync(path) ? statSync(path).size : 0;
    throw lorikeetError('store/no-backup', { path, reason, bytes }, { cause: error });
  }
  for (const old of backupsOf(path).slice(kept)) rmSync(old);
}

/** Newest format first. */
function backupsOf(path: string): string[] {
  const beginning = `${basename(path)}.before-`;
  return readdirSync(dirname(path))
    .filter((name) => name.startsWith(beginning))
    .map((name) => ({ name, format: Number(name.slice(beginning.length)) }))
    .filter(({ format }) => Number.isInteger(format))
    .sort((one, other) => other.format - one.format)
    .map(({ name }) => join(dirname(path), name));
}
