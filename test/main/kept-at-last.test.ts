/** A write that has to get into the store waits for room, and for nothing else. A real database that is full. */
import BetterSqlite3 from 'better-sqlite3';
import { expect, test } from 'vitest';
import { keptAtLast } from '../../src/main/kept-at-last.ts';
import { codeOf } from '../../src/shared/errors/file-reason.ts';

/** A database that has no page left until it is given more. */
function full() {
  const database = new BetterSqlite3(':memory:');
  database.exec('create table things (bytes blob); pragma max_page_count = 2');
  return {
    write: () => database.prepare('insert into things values (zeroblob(20000))').run().changes,
    makeRoom: () => database.pragma('max_page_count = 1000'),
  };
}

test('it is told once that there is no room, and written when there is', async () => {
  const { write, makeRoom } = full();
  const told: unknown[] = [];
  let tries = 0;
  const counted = () => {
    tries += 1;
    if (tries === 4) makeRoom();
    return write();
  };
  const onWait = (thrown: unknown) => told.push(thrown);
  expect(await keptAtLast(counted, { until: new AbortController().signal, onWait }, 1)).toBe(1);
  expect(tries).toBe(4);
  expect(told.map(codeOf)).toEqual(['SQLITE_FULL']);
});

test('whoever leaves waits no longer', async () => {
  const leaving = new AbortController();
  const onWait = () => {
    leaving.abort();
  };
  const kept = keptAtLast(full().write, { until: leaving.signal, onWait }, 1_000_000);
  await expect(kept).rejects.toThrow('full');
});

test('without a wait, and for what no room mends, it is an error at once', async () => {
  await expect(keptAtLast(full().write, null)).rejects.toThrow('full');
  const onWait = () => {
    throw new Error('it was waited for');
  };
  const { signal } = new AbortController();
  const wrong = () => new BetterSqlite3(':memory:').exec('no words of SQL');
  await expect(keptAtLast(wrong, { until: signal, onWait }, 1)).rejects.toThrow('syntax error');
});
