/** A store is opened whole or not at all: what is wrong with it is told, and its bytes stay as they are. */
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { openStore } from '../../../src/main/store/database.ts';
import { formatInFile } from '../../../src/main/store/format-in-file.ts';
import { migrate, migrations } from '../../../src/main/store/migrations.ts';
import { toProblem } from '../../../src/shared/errors/lorikeet-error.ts';
import type { Problem } from '../../../src/shared/errors/problem.ts';
import { smallDisk } from '../../support/small-disk.ts';
import { smallConfig } from '../small-config.ts';
import { point } from './sample-records.ts';

const root = mkdtempSync(join(tmpdir(), 'lorikeet-opening-'));
// For a test as another user.
chmodSync(root, 0o755);
let count = 0;
let folder: string;
let path: string;
beforeEach(() => {
  folder = join(root, `${(count += 1)}`);
  mkdirSync(folder);
  path = join(folder, 'lorikeet.db');
});
afterAll(() => {
  rmSync(root, { recursive: true });
});

const latest = migrations.length;

/** A store with a run of so many points, closed. */
function filledStore(points: number): void {
  const store = openStore(path);
  const { id } = store.runs.create(smallConfig(), () => '/out');
  for (let step = 1; step <= points; step += 1) store.metrics.addStep(id, point(step));
  store.close();
}

/** A store of an older format. */
function olderStore(at: string, format: number, filling = 0): void {
  const database = new BetterSqlite3(at);
  database.pragma('journal_mode = WAL');
  migrate(database, format);
  database.exec('create table filling (bytes blob)');
  database.prepare('insert into filling values (zeroblob(?))').run(filling);
  database.close();
}

function problemOf(at = path): Problem {
  try {
    openStore(at).close();
  } catch (thrown) {
    return toProblem(thrown);
  }
  return expect.unreachable('it was opened');
}

/** Every file of the folder with its bytes. */
const bytes = () => readdirSync(folder).map((name) => [name, readFileSync(join(folder, name))]);

/** Leaves the store as a process leaves it that was killed: `work` is in the log alone. */
function withLog(work: (database: BetterSqlite3.Database) => void): void {
  const database = new BetterSqlite3(path);
  database.pragma('wal_autocheckpoint = 0');
  work(database);
  const left = join(root, `left-${count}`);
  mkdirSync(left);
  for (const name of readdirSync(folder)) copyFileSync(join(folder, name), join(left, name));
  database.close();
  rmSync(folder, { recursive: true });
  folder = left;
  path = join(folder, 'lorikeet.db');
}

test('a newer store that crashed is refused with its log as it was', () => {
  filledStore(3);
  withLog((database) => {
    database.pragma('user_version = 99');
    database.exec('create table of_the_future (id)');
  });
  rmSync(`${path}-shm`);
  expect(readFileSync(path).readInt32BE(60)).toBe(latest);
  const before = bytes();
  expect(before.map(([name]) => name)).toEqual(['lorikeet.db', 'lorikeet.db-wal']);
  expect(problemOf()).toMatchObject({ code: 'store/newer' });
  expect(bytes()).toEqual(before);
});

test('the format is that of the last commit, wherever it lies', () => {
  expect(formatInFile(path)).toBe(0);
  filledStore(1);
  expect(formatInFile(path)).toBe(latest);
  withLog((database) => {
    database.pragma('user_version = 71');
    database.pragma('user_version = 72');
    database.exec('create table later (id)');
  });
  expect(formatInFile(path)).toBe(72);
  // Not committed: cut in the middle of the last one.
  const log = readFileSync(`${path}-wal`);
  writeFileSync(`${path}-wal`, log.subarray(0, 32 + 24 + 4096));
  expect(formatInFile(path)).toBe(71);
  // Another log's: the database alone counts.
  log.writeUInt32BE(0, 0);
  writeFileSync(`${path}-wal`, log);
  expect(formatInFile(path)).toBe(latest);
});

/** Writes over the middle of the file, where points lie. */
function damage(at = path): void {
  const whole = readFileSync(at);
  whole.fill(0xff, whole.length / 2, whole.length / 2 + 8192);
  writeFileSync(at, whole);
}

/** Notes that the store was checked so many hours ago, maybe before the machine was started. */
function setChecked(hours: number, boot: string | null = null): void {
  const database = new BetterSqlite3(path);
  const set = database.prepare('update upkeep set checked_at = ?, boot = coalesce(?, boot)');
  set.run(Date.now() - hours * 3_600_000, boot);
  database.close();
}

test('a damaged store is told of once a day, with what to do, and left as it is', () => {
  filledStore(2000);
  openStore(path).close();
  setChecked(25);
  damage();
  const before = readFileSync(path);
  const problem = problemOf();
  expect(problem).toMatchObject({ code: 'store/damaged', where: path });
  expect(problem.next).toContain('.recover');
  expect(readFileSync(path)).toEqual(before);
});

test.each([
  ['for an hour', 2, null],
  ['since the machine was started', 0, 'another start'],
])('a store that was not closed, nor checked %s, stays as it is with its log', (_, hours, boot) => {
  filledStore(2000);
  openStore(path).close();
  setChecked(hours, boot);
  withLog((database) => database.exec('create table later (id)'));
  damage();
  const before = ['', '-wal'].map((end) => readFileSync(path + end));
  expect(problemOf()).toMatchObject({ code: 'store/damaged' });
  expect(['', '-wal'].map((end) => readFileSync(path + end))).toEqual(before);
});

test('a store on which another process is at work is not checked each time', () => {
  filledStore(2000);
  openStore(path).close();
  withLog((database) => database.exec('create table later (id)'));
  damage();
  openStore(path).close();
});

test('a store that was closed well today is opened without a check', () => {
  filledStore(2000);
  openStore(path).close();
  damage();
  // What is damaged are points: found when they are read, or tomorrow.
  openStore(path).close();
  setChecked(25);
  expect(problemOf()).toMatchObject({ code: 'store/damaged' });
});

test('before a migration the store is copied; the two newest copies stay', () => {
  olderStore(path, 8);
  for (const format of [3, 7]) writeFileSync(`${path}.before-${format}`, '');
  openStore(path).close();
  const names = readdirSync(folder).sort();
  expect(names).toEqual(['lorikeet.db', 'lorikeet.db.before-7', 'lorikeet.db.before-9']);
  expect(formatInFile(`${path}.before-9`)).toBe(8);
  const copy = new BetterSqlite3(`${path}.before-9`);
  expect(copy.prepare('select count(*) from filling').pluck().get()).toBe(1);
  expect(
    copy.prepare("select count(*) from sqlite_master where name = 'exports'").pluck().get(),
  ).toBe(1);
  copy.close();
  // With nothing to migrate there is nothing to copy.
  openStore(path).close();
  expect(readdirSync(folder).sort()).toEqual(names);
});

test('a damaged store of an older format is not migrated, and the copy of it is named', () => {
  olderStore(path, 8, 100_000);
  writeFileSync(`${path}.before-8`, '');
  damage();
  const problem = problemOf();
  expect(problem.code).toBe('store/damaged');
  expect(problem.next).toContain(`${path}.before-8`);
  expect(formatInFile(path)).toBe(8);
});

test('where the copy finds no room the migration is not begun', ({ skip }) => {
  const disk = join(folder, 'disk');
  const unmount = smallDisk(disk, '1m');
  if (unmount === null) return skip('mounting is not allowed');
  try {
    const full = join(disk, 'lorikeet.db');
    olderStore(path, 8, 600_000);
    copyFileSync(path, full);
    const before = readFileSync(full);
    const problem = problemOf(full);
    expect(problem).toMatchObject({ code: 'store/no-backup', where: full });
    expect(problem.what).toContain('the disk is full');
    expect(readdirSync(disk)).toEqual(['lorikeet.db']);
    expect(readFileSync(full)).toEqual(before);
  } finally {
    unmount();
  }
});

/** Does it without the rights of root, who may write everywhere. */
function asNobody(work: () => void): void {
  const own = process.geteuid?.();
  if (own === 0) process.seteuid?.(65_534);
  try {
    work();
  } finally {
    if (own === 0) process.seteuid?.(0);
  }
}

test('a data folder that may not be written', () => {
  filledStore(1);
  chmodSync(path, 0o444);
  chmodSync(folder, 0o555);
  const before = bytes();
  asNobody(() => {
    expect(problemOf()).toMatchObject({ code: 'store/read-only', where: path });
    const inside = join(folder, 'home', 'lorikeet.db');
    expect(problemOf(inside)).toMatchObject({ code: 'store/read-only', where: inside });
  });
  expect(bytes()).toEqual(before);
  chmodSync(folder, 0o755);
  asNobody(() => {
    // The file alone.
    expect(problemOf()).toMatchObject({ code: 'store/read-only' });
  });
  chmodSync(path, 0o644);
  openStore(path).close();
  expect(existsSync(path)).toBe(true);
});

test.each(['', 'deeper'])(
  'a data folder that is a file, or lies in one, is named: %j',
  (inside) => {
    const file = join(folder, 'data');
    writeFileSync(file, 'not a folder');
    expect(problemOf(join(file, inside, 'lorikeet.db'))).toMatchObject({
      code: 'store/unreadable',
      what: expect.stringContaining('a file is where its folder should be') as unknown,
      where: join(file, inside),
    });
  },
);
