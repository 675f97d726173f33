/** What lasts: all but points is on the disk when it is told, and what a process has written survives its being killed. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import BetterSqlite3 from 'better-sqlite3';
import { afterAll, expect, test } from 'vitest';
import { Connection } from '../../../src/main/store/connection.ts';
import { openStore } from '../../../src/main/store/database.ts';
import { smallConfig } from '../small-config.ts';
import { point } from './sample-records.ts';

const root = mkdtempSync(join(tmpdir(), 'lorikeet-lasting-'));
afterAll(() => {
  rmSync(root, { recursive: true });
});

test('every write is flushed to the disk, but those that need not be', () => {
  const database = new BetterSqlite3(join(root, 'levels.db'));
  database.pragma('journal_mode = WAL');
  const connection = new Connection(database);
  // 2 is full, 1 normal (sqlite.org/pragma.html).
  const level = () => database.pragma('synchronous', { simple: true });
  expect(level()).toBe(2);
  expect(connection.atOnce(level)).toBe(2);
  expect(connection.unflushed(level)).toBe(1);
  expect(connection.unflushed(() => connection.unflushed(level))).toBe(1);
  expect(connection.atOnce(() => connection.unflushed(level))).toBe(2);
  const failing = () =>
    connection.unflushed(() => {
      throw new Error('no');
    });
  expect(failing).toThrow('no');
  expect(level()).toBe(2);
  connection.close();
});

test('a statement is compiled once', () => {
  const connection = new Connection(new BetterSqlite3(':memory:'));
  const one = connection.prepare('select 1');
  expect(connection.prepare('select 1')).toBe(one);
  expect(connection.prepare('select 2')).not.toBe(one);
  connection.close();
});

test('a process that is killed has lost no point that it has shown', async () => {
  const path = join(root, 'killed.db');
  const module = new URL('../../../src/main/store/database.ts', import.meta.url).href;
  const script = `import { openStore } from '${module}';
    import { writeSync } from 'node:fs';
    const [, path, config, point] = process.argv;
    const store = openStore(path);
    const { id } = store.runs.create(JSON.parse(config), () => '/out');
    store.runs.update(id, { state: 'running' });
    for (let step = 1; ; step += 1) {
      store.metrics.addStep(id, { ...JSON.parse(point), step });
      writeSync(1, step + '\\n');
    }`;
  const given = [path, JSON.stringify(smallConfig()), JSON.stringify(point(1))];
  const arguments_ = ['--input-type=module-typescript', '-e', script, ...given];
  const writer = spawn(process.execPath, arguments_, { stdio: ['ignore', 'pipe', 'inherit'] });
  let shown = 0;
  for await (const line of createInterface({ input: writer.stdout })) {
    shown = Number(line);
    // Over a few of SQLite's own checkpoints of a thousand pages.
    if (shown === 1000) writer.kill('SIGKILL');
  }
  if (writer.exitCode === null && writer.signalCode === null) await once(writer, 'exit');
  expect(writer.signalCode).toBe('SIGKILL');
  expect(shown).toBeGreaterThanOrEqual(1000);
  const store = openStore(path);
  expect(store.runs.get(1).state).toBe('running');
  const kept = store.metrics.of(1).steps.map(({ step }) => step);
  expect(kept.length).toBeGreaterThanOrEqual(shown);
  expect(kept).toEqual(Array.from(kept, (_, index) => index + 1));
  store.close();
});
