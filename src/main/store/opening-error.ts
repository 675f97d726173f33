/** What keeps the store from being opened, as an error for a person. */
import { accessSync, constants, existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { codeOf, databaseReason, fileReason, pathOf } from '../../shared/errors/file-reason.ts';
import { LorikeetError, lorikeetError } from '../../shared/errors/lorikeet-error.ts';
import { messageOf } from '../../shared/errors/message-of.ts';
import { newestBackup } from './backup.ts';

/** 'store/read-only', 'store/failed', 'store/damaged' or 'store/unreadable'; errors of our own stay what they are. */
export function openingError(path: string, error: unknown): LorikeetError {
  if (error instanceof LorikeetError) return error;
  const code = codeOf(error) ?? '';
  const cause = { cause: error };
  if (code === 'EEXIST' || code === 'ENOTDIR') {
    const place = { path: pathOf(error) ?? path, reason: 'a file is where its folder should be' };
    return lorikeetError('store/unreadable', place, cause);
  }
  const reason = databaseReason(error) ?? fileReason(error);
  if (code.startsWith('SQLITE_CORRUPT')) {
    const damage = { path, reason: messageOf(error), backup: newestBackup(path) };
    return lorikeetError('store/damaged', damage, cause);
  }
  if (['SQLITE_FULL', 'ENOSPC', 'EDQUOT'].includes(code))
    return lorikeetError('store/failed', { reason }, cause);
  const unwritable =
    ['EACCES', 'EPERM', 'EROFS'].includes(code) ||
    code.startsWith('SQLITE_READONLY') ||
    (code.startsWith('SQLITE_CANTOPEN') && !isWritable(path));
  if (unwritable) return lorikeetError('store/read-only', { path, reason }, cause);
  return lorikeetError('store/unreadable', { path, reason }, cause);
}

/** SQLite wants to write beside its file, too. */
function isWritable(path: string): boolean {
  try {
    accessSync(dirname(path), constants.W_OK);
    if (existsSync(path)) accessSync(path, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
