/** What SQLite says of a full disk and of a file that may only be read, in words. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { afterAll, expect, test } from 'vitest';
import { toProblem } from '../../../src/shared/errors/lorikeet-error.ts';

const folder = mkdtempSync(join(tmpdir(), 'lorikeet-full-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

test.each([
  ['max_page_count = 2', 'the disk is full'],
  ['query_only = 1', 'it may only be read'],
])('%s', (pragma, reason) => {
  const database = new BetterSqlite3(join(folder, 'store.db'));
  database.exec('create table if not exists points (bytes blob)');
  database.pragma(pragma);
  const insert = database.prepare('insert into points values (zeroblob(100000))');
  try {
    insert.run();
    expect.unreachable('there was room');
  } catch (thrown) {
    const problem = toProblem(thrown);
    expect(problem.code).toBe('store/failed');
    expect(problem.what).toContain(reason);
  } finally {
    database.close();
  }
});
