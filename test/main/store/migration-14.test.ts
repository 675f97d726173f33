/** What the store keeps of a run beside its course, and that a store of the step before keeps what it had. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { afterAll, expect, test } from 'vitest';
import { openStore } from '../../../src/main/store/database.ts';
import { migrate } from '../../../src/main/store/migrations.ts';
import { smallConfig } from '../small-config.ts';

const root = mkdtempSync(join(tmpdir(), 'lorikeet-store-'));
afterAll(() => {
  rmSync(root, { recursive: true });
});

test('a run of an older store has no forgetting, and takes it', () => {
  const path = join(root, 'older.db');
  const database = new BetterSqlite3(path);
  migrate(database, 13);
  database.exec(
    `insert into runs (name, state, config, created_at, output, owner_pid, owner_started)
     values ('old', 'finished', '${JSON.stringify(smallConfig())}', 1, '/out', 1, '')`,
  );
  database.close();
  const store = openStore(path);
  expect(store.runs.list()).toMatchObject([{ name: 'old', forgetting: null, notes: '', tags: [] }]);
  const forgetting = { path: null, tokens: 1912, before: 2.875, after: null };
  store.runs.update(1, { forgetting });
  store.close();
  const again = openStore(path);
  expect(again.runs.get(1).forgetting).toEqual(forgetting);
  again.close();
});

test('answers under way are kept by step, and go with their run; one that begins anew has none', () => {
  const store = openStore(join(root, 'answers.db'));
  const { id } = store.runs.create(smallConfig(), () => '/out');
  expect(store.watched.of(id)).toEqual({ prompts: [], rounds: [] });
  const prompts = [{ asked: 'light 3', wanted: '{"n":3}', base: 'a light' }];
  store.watched.begin(id, prompts);
  for (const step of [2, 0, 2]) store.watched.add(id, { step, answers: [`after ${step}`] });
  const rounds = [0, 2].map((step) => ({ step, answers: [`after ${step}`] }));
  expect(store.watched.of(id)).toEqual({ prompts, rounds });
  store.watched.begin(id, prompts);
  expect(store.watched.of(id)).toEqual({ prompts, rounds: [] });
  store.runs.remove(id);
  expect(store.watched.of(id)).toEqual({ prompts: [], rounds: [] });
  store.close();
});
