/** Looks at a store before anything in it is changed: whose it is, and whether it is whole. */
import { existsSync, statSync } from 'node:fs';
import BetterSqlite3, { type Database } from 'better-sqlite3';
import { z } from 'zod';
import { codeOf } from '../../shared/errors/file-reason.ts';
import { lorikeetError } from '../../shared/errors/lorikeet-error.ts';
import { messageOf } from '../../shared/errors/message-of.ts';
import { formatOf } from './migrations.ts';
import { thisBoot } from '../system/process-start.ts';

/**
 * A store is checked before it is migrated, and once a day: a check of 19 MB, which are 200,000 points, takes 75 ms. One that was
 * not closed (its log is left) is checked once an hour and after each start of the machine; another process may be at work on it.
 */
const hour = 60 * 60_000;
/** The first format that notes when it was checked. */
const notesChecks = 11;

const checkRow = z.object({ at: z.number(), boot: z.string() }).optional();

export type Inspection = {
  /** What is wrong with it, in SQLite's words; null where nothing was found. */
  damage: string | null;
  /** Whether it was looked for. */
  checked: boolean;
};

/** Fails with 'store/unreadable' for the database of another program. `due`: checks it in any case. */
export function inspect(path: string, due: boolean): Inspection {
  if (!existsSync(path) || statSync(path).size === 0) return { damage: null, checked: false };
  const unclosed = existsSync(`${path}-wal`) && statSync(`${path}-wal`).size > 0;
  const database = new BetterSqlite3(path, { readonly: true });
  try {
    const format = formatOf(database);
    if (format === 0 && hasTables(database))
      throw lorikeetError('store/unreadable', {
        path,
        reason: 'it is the database of another program',
      });
    if (!due && isRecent(database, format, unclosed)) return { damage: null, checked: false };
    return { damage: damageOf(database), checked: true };
  } catch (error) {
    if (codeOf(error)?.startsWith('SQLITE_CORRUPT') === true)
      return { damage: messageOf(error), checked: true };
    throw error;
  } finally {
    database.close();
  }
}

/** Notes that the store was found whole just now. */
export function noteChecked(database: Database, now = Date.now()): void {
  const note = 'insert or replace into upkeep (id, checked_at, boot) values (1, ?, ?)';
  database.prepare(note).run(now, thisBoot());
}

function isRecent(database: Database, format: number, unclosed: boolean): boolean {
  if (format < notesChecks) return false;
  const found = checkRow.parse(database.prepare('select checked_at as at, boot from upkeep').get());
  if (found === undefined) return false;
  const age = Math.abs(Date.now() - found.at);
  return unclosed ? age < hour && found.boot === thisBoot() : age < 24 * hour;
}

/** Every page, and that indexes say what tables say. Asked for one fault, it stops there. */
function damageOf(database: Database): string | null {
  const found = String(database.pragma('integrity_check(1)', { simple: true }));
  return found === 'ok' ? null : found.replaceAll('\n', ' ').trim();
}

function hasTables(database: Database): boolean {
  return database.prepare('select 1 from sqlite_master limit 1').get() !== undefined;
}
