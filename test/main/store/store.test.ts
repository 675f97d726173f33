/** The store keeps what it is given, across processes and crashes, and never harms a file that it cannot read. */
import { createHash } from 'node:crypto';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { afterAll, afterEach, beforeEach, expect, test } from 'vitest';
import type { NewConversation } from '../../../src/main/store/chats.ts';
import { openStore, type Store } from '../../../src/main/store/database.ts';
import { formatOf, migrate, migrations } from '../../../src/main/store/migrations.ts';
import type { HeldBase, LearntLabels } from '../../../src/shared/contract/records.ts';
import {
  blendedOrigin,
  exportedOrigin,
  partOf,
  trainedOrigin,
} from '../../support/sample-origins.ts';
import { inEveryLayer } from '../../support/plain-module.ts';
import { smallConfig } from '../small-config.ts';
import { runOfOtherProcess } from './other-process.ts';
import { description, health, point } from './sample-records.ts';

const root = mkdtempSync(join(tmpdir(), 'lorikeet-store-'));
let count = 0;
let path: string;
let store: Store;
beforeEach(() => {
  path = join(root, `${(count += 1)}`, 'lorikeet.db');
  store = openStore(path);
});
afterEach(() => {
  store.close();
});
afterAll(() => {
  rmSync(root, { recursive: true });
});

function sampleChat(): NewConversation {
  const answer = { column: 1, by: 'Base model', text: 'Yes.', tokens: 2, tokensPerSecond: 9.5 };
  return {
    ...{ name: 'lamps', plain: false, createdAt: 1, changedAt: 2 },
    setup: {
      ...{ model: '/m', columns: [{ key: 1, parts: [] }], system: '' },
      ...{ maxNewTokens: 8, temperature: 0.7, topP: 0.9, seed: 3 },
    },
    turns: [{ asked: 'Is it on?', answers: [{ ...answer, ended: 'end', right: 'Yes, it is.' }] }],
  };
}

const report = {
  examples: 2,
  figures: { accuracy: 0.5, correlation: null },
  classes: [{ label: 'on', precision: 1, recall: 0.5, f1: 0.66, support: 2 }],
  confusion: [[1]],
};

const labels: LearntLabels = {
  ...{ problem: 'single_label_classification', names: ['off', 'on'], pairs: true },
};

const base: HeldBase = { form: 'nf4', doubleQuant: true };

/** What an adapter has beside its name and place. */
const sample = { model: '/m', rank: 1, alpha: 16, parameters: 7, labels, base, origin: null };

test('a run keeps its whole configuration, its points to the last digit, and its adapter', () => {
  const config = { ...smallConfig(), lora: { ...smallConfig().lora, rank: 3 } };
  const run = store.runs.create(config, (id) => `/out/${id}`);
  expect(run).toMatchObject({ state: 'queued', config, output: `/out/${run.id}`, step: 0 });
  store.runs.update(run.id, { state: 'running', startedAt: 5, totalSteps: 10, labels, base });
  for (const step of [2, 1, 3, 3]) store.metrics.addStep(run.id, point(step));
  store.metrics.addValidation(run.id, { step: 3, loss: 1.25, tokens: 99, report });
  for (const step of [3, 1, 3]) store.health.add(run.id, health(step));
  const adapter = { ...sample, name: 'a', path: '/a', rank: 3 };
  const adapterId = store.adapters.add({ ...adapter, runId: run.id, createdAt: 1 });
  store.close();
  store = openStore(path);
  const lastLoss = point(3).loss;
  const figures = { step: 3, lastLoss, lastValidationLoss: 1.25 };
  const kept = { state: 'running', ...figures, labels, base, adapterId };
  expect(store.runs.get(run.id)).toMatchObject(kept);
  expect(store.metrics.of(run.id)).toEqual({
    steps: [point(1), point(2), point(3)],
    validations: [{ step: 3, loss: 1.25, tokens: 99, report }],
  });
  expect(store.health.of(run.id)).toEqual([health(1), health(3)]);
  expect(store.adapters.byId(adapterId)).toMatchObject({ labels, base });
});

test('removing a run removes its points and leaves its adapter', () => {
  const run = store.runs.create(smallConfig(), () => '/out');
  store.metrics.addStep(run.id, point(1));
  store.health.add(run.id, health(1));
  const adapter = { ...sample, name: 'a', path: '/a', rank: 3 };
  const adapterId = store.adapters.add({ ...adapter, runId: run.id, createdAt: 1 });
  store.runs.remove(run.id);
  expect(store.runs.list()).toEqual([]);
  expect(store.metrics.of(run.id).steps).toEqual([]);
  expect(store.health.of(run.id)).toEqual([]);
  expect(store.adapters.byId(adapterId)).toMatchObject({ runId: null });
  expect(() => store.runs.get(run.id)).toThrow(`There is no run ${run.id}.`);
});

test('a model is known by its path; a taken name gets a number', () => {
  const first = store.models.put({ name: 'm', path: '/1', description, addedAt: 1 });
  const second = store.models.put({ name: 'm', path: '/2', description, addedAt: 2 });
  expect(second.name).toBe('m 2');
  const renewed = { ...description, layers: 31 };
  const again = store.models.put({ name: 'x', path: '/1', description: renewed, addedAt: 3 });
  expect(again).toEqual({ ...first, description: renewed });
  store.models.move(first.id, '/3');
  expect(store.models.byName('m')?.path).toBe('/3');
  store.models.remove(second.id);
  expect(store.models.list().map(({ path }) => path)).toEqual(['/3']);
});

test('data files are kept once, adapters replaced where they were written over', () => {
  store.datasets.put({ name: 'd', path: '/d', examples: 5, addedAt: 1 });
  store.datasets.put({ name: 'd', path: '/d', examples: 6, addedAt: 2 });
  expect(store.datasets.list()).toMatchObject([{ path: '/d', examples: 6, addedAt: 1 }]);
  const adapter = { ...sample, path: '/a', runId: null };
  store.adapters.add({ ...adapter, name: 'old', createdAt: 1 });
  store.adapters.add({ ...adapter, name: 'new', createdAt: 2 });
  expect(store.adapters.list().map(({ name }) => name)).toEqual(['new']);
});

test('a blend and what was exported of it keep where they came from', () => {
  const trained = trainedOrigin(smallConfig());
  const parts = [partOf('/one', 0.7, trained), partOf('/other', 0.3, null)];
  const blend = blendedOrigin(parts);
  const added = { ...sample, name: 'blend', path: '/blend', runId: null, createdAt: 1 };
  const id = store.adapters.add({ ...added, origin: blend });
  const ofBlend = exportedOrigin([partOf('/blend', 1, blend)]);
  const ofBoth = { ...exportedOrigin(parts), type: 'float16' };
  store.exports.add('/out/blend', ofBlend);
  store.exports.add('/out/both', { ...ofBoth, type: 'float32' });
  store.exports.add('/out/both', ofBoth);
  store.close();
  store = openStore(path);
  expect(store.adapters.byId(id)).toMatchObject({ name: 'blend', runId: null });
  expect(store.adapters.originOf(id)).toEqual(blend);
  // Of what it is a part itself, and not of what its parts are parts of.
  expect(store.exports.ofAdapter('/blend')).toMatchObject([
    { path: '/out/blend', origin: ofBlend },
  ]);
  expect(store.exports.ofAdapter('/other')).toMatchObject([{ path: '/out/both', origin: ofBoth }]);
  expect(store.exports.ofAdapter('/none')).toEqual([]);
});

test('only the runs of processes that are gone are marked as interrupted, and points stay', () => {
  runOfOtherProcess(path, 'running');
  runOfOtherProcess(path, 'queued');
  const mine = store.runs.create(smallConfig(), () => '/out');
  store.runs.update(mine.id, { state: 'running' });
  const interrupted = [expect.any(Number)];
  expect(store.runs.recover(false)).toEqual({ interrupted, adopted: [] });
  const [dead, waiting, own] = store.runs.list();
  expect(dead).toMatchObject({
    state: 'interrupted',
    problem: { code: 'studio/interrupted' },
    step: 1,
  });
  expect(store.metrics.of(dead?.id ?? 0).steps).toEqual([point(1)]);
  expect(waiting?.state).toBe('queued');
  expect(own?.state).toBe('running');
  expect(store.runs.recover(true)).toEqual({ interrupted: [], adopted: [waiting?.id] });
  expect(store.runs.recover(true)).toEqual({ interrupted: [], adopted: [] });
});

test('another process that writes is noticed', () => {
  const before = store.foreignWrites();
  store.runs.create(smallConfig(), () => '/mine');
  expect(store.foreignWrites()).toBe(before);
  runOfOtherProcess(path, 'running');
  expect(store.foreignWrites()).not.toBe(before);
});

test('a file that is no store is refused and left as it is', () => {
  const text = join(root, 'text.db');
  writeFileSync(text, 'These are not the tables you are looking for.'.repeat(50));
  const before = readFileSync(text);
  expect(() => openStore(text)).toThrow(/cannot be opened: its file is no database/);
  expect(readFileSync(text)).toEqual(before);

  const foreign = join(root, 'foreign.db');
  new BetterSqlite3(foreign).exec('create table photos (id)').close();
  const foreignBefore = readFileSync(foreign);
  expect(() => openStore(foreign)).toThrow(/of another program/);
  expect(readFileSync(foreign)).toEqual(foreignBefore);
});

test('a store of a newer Lorikeet is refused and left as it is', () => {
  store.close();
  const newer = join(root, 'newer.db');
  copyFileSync(path, newer);
  const database = new BetterSqlite3(newer);
  database.pragma('user_version = 99');
  database.close();
  const before = readFileSync(newer);
  expect(() => openStore(newer)).toThrow(/newer Lorikeet \(format 99/);
  expect(readFileSync(newer)).toEqual(before);
});

test('a best loss that is no number, as one stood there once, hides no run', () => {
  const { id } = store.runs.create(smallConfig(), () => '/out');
  const database = new BetterSqlite3(path);
  database.prepare('update runs set best = ?').run('{"step":2,"loss":null}');
  database.close();
  expect(store.runs.list()).toMatchObject([{ id, best: null }]);
});

/** The first 16 hexadecimal digits of each step's sha256: a step that was released is never edited. */
const frozen = [
  '16911c2d4b7d1867',
  '631f3a9bee772503',
  'bc3ab3fd0bddd4b9',
  '7495cee7e8ae39c2',
  '3c8747a188c71d2f',
  '9b594f760b765fd7',
  '7128007f73d2a84d',
  'dd1c753430edea6f',
  'd5434231b5031596',
  '6173b6634208210f',
  '353f021dc1b3c71c',
  '7dde5ecbf1eaa42b',
  '7a3af084fb32df06',
  '33237345f4bee277',
  'f8c643a5fbbd2dd2',
  '5240113ecd6e51cc',
];

test('each migration is as it was released, and brings a store of the one before up to date', () => {
  const hashes = migrations.map((step) => createHash('sha256').update(step).digest('hex'));
  expect(hashes.map((hash) => hash.slice(0, 16))).toEqual(frozen);
  for (let from = 0; from < migrations.length; from += 1) {
    const database = new BetterSqlite3(':memory:');
    migrate(database, from);
    expect(formatOf(database)).toBe(from);
    migrate(database);
    expect(formatOf(database)).toBe(migrations.length);
    expect(database.pragma('integrity_check', { simple: true })).toBe('ok');
    expect(database.pragma('foreign_key_check')).toEqual([]);
    database.close();
  }
});

test('a store of the first format keeps its runs and points, and takes readings of their health', () => {
  const old = join(root, 'first-format.db');
  const database = new BetterSqlite3(old);
  migrate(database, 1);
  const config = JSON.stringify(smallConfig());
  const values = `'old', 'finished', '${config}', 1, 1, '/out', 1, ''`;
  database.exec(
    `insert into runs (name, state, config, created_at, step, output, owner_pid, owner_started)
     values (${values});
     insert into steps values (1, 1, 10, 0.5, 2.25, 1e-4, 0.5, 64, 80, 1, 9)`,
  );
  database.close();
  const upgraded = openStore(old);
  expect(upgraded.runs.list()).toMatchObject([{ name: 'old', config: smallConfig() }]);
  expect(upgraded.metrics.of(1).steps).toMatchObject([{ step: 1, loss: 2.25, tokens: 64 }]);
  expect(upgraded.health.of(1)).toEqual([]);
  upgraded.health.add(1, health(1));
  expect(upgraded.health.of(1)).toEqual([health(1)]);
  upgraded.close();
});

test('a store without conversations keeps what it had, and takes some', () => {
  const old = join(root, 'without-chats.db');
  const database = new BetterSqlite3(old);
  migrate(database, 12);
  database.exec(`insert into settings (key, value) values ('continueInterrupted', 'true')`);
  database.close();
  const upgraded = openStore(old);
  expect(upgraded.settings.all()).toMatchObject({ continueInterrupted: true });
  expect(upgraded.chats.list()).toEqual([]);
  const chat = sampleChat();
  const id = upgraded.chats.add(chat);
  expect(upgraded.chats.get(id)).toEqual({ id, ...chat });
  expect(upgraded.chats.list()).toEqual([
    { id, name: chat.name, changedAt: chat.changedAt, turns: 1, right: 1 },
  ]);
  upgraded.close();
});

test('a model of an older store has the paths of its modules', () => {
  const old = join(root, 'without-paths.db');
  const database = new BetterSqlite3(old);
  migrate(database, 2);
  const names = ['q_proj', 'k_proj', 'v_proj', 'o_proj', 'gate_proj', 'up_proj', 'down_proj'];
  const modules = names.map((name) => ({ name, in: 8, out: 8 }));
  database
    .prepare(`insert into models (name, path, description, added_at) values ('m', '/m', ?, 1)`)
    .run(JSON.stringify({ ...description, modules }));
  database.close();
  const upgraded = openStore(old);
  expect(upgraded.models.list().flatMap((model) => model.description.modules)).toEqual(
    names.map((name, index) => ({
      ...{ name, in: 8, out: 8, ...inEveryLayer },
      path: `model.layers.{layer}.${index < 4 ? 'self_attn' : 'mlp'}.${name}`,
    })),
  );
  upgraded.close();
});

test('models, runs and adapters of an older store know what they are for', () => {
  const old = join(root, 'without-tasks.db');
  const database = new BetterSqlite3(old);
  migrate(database, 4);
  const older = Object.fromEntries(
    Object.entries(description).filter(([key]) => key !== 'tasks' && key !== 'labels'),
  );
  const add = database.prepare(
    'insert into models (name, path, description, added_at) values (@name, @name, @json, 1)',
  );
  add.run({ name: 'a', json: JSON.stringify(older) });
  add.run({ name: 'b', json: JSON.stringify({ ...older, architecture: 'bert' }) });
  const config = JSON.stringify(smallConfig());
  database.exec(
    `insert into runs (name, state, config, created_at, step, output, owner_pid, owner_started)
     values ('old', 'finished', '${config}', 1, 1, '/out', 1, '');
     insert into adapters (name, path, model, rank, alpha, parameters, created_at)
     values ('old', '/out', '/m', 1, 1, 1, 1)`,
  );
  database.close();
  const upgraded = openStore(old);
  expect(upgraded.models.list().map((model) => model.description.tasks)).toEqual([
    ['causal-lm', 'sequence-classification'],
    ['sequence-classification'],
  ]);
  expect(upgraded.models.list()).toMatchObject([{ description: older }, {}]);
  expect(upgraded.runs.list()).toMatchObject([{ name: 'old', labels: null }]);
  expect(upgraded.adapters.list()).toMatchObject([{ path: '/out', labels: null }]);
  upgraded.close();
});

test('readings of an older store know nothing of how unevenly experts were used', () => {
  const old = join(root, 'without-imbalance.db');
  const database = new BetterSqlite3(old);
  migrate(database, 6);
  const config = JSON.stringify(smallConfig());
  database.exec(
    `insert into runs (name, state, config, created_at, step, output, owner_pid, owner_started)
     values ('old', 'finished', '${config}', 1, 1, '/out', 1, '');
     insert into health (run_id, step, modules, alarms, experts) values (1, 1, '[]', '[]', '[]')`,
  );
  database.close();
  const upgraded = openStore(old);
  const none = { modules: [], alarms: [], experts: [], imbalance: null };
  expect(upgraded.health.of(1)).toEqual([{ step: 1, ...none }]);
  upgraded.close();
});

test('adapters of an older store have no origin, and take one', () => {
  const old = join(root, 'without-origins.db');
  const database = new BetterSqlite3(old);
  migrate(database, 7);
  database.exec(
    `insert into adapters (name, path, model, rank, alpha, parameters, created_at)
     values ('old', '/out', '/m', 1, 1, 1, 1)`,
  );
  database.close();
  const upgraded = openStore(old);
  expect(upgraded.adapters.list()).toMatchObject([{ id: 1, name: 'old' }]);
  expect(upgraded.adapters.originOf(1)).toBe(null);
  const origin = trainedOrigin(smallConfig());
  upgraded.adapters.setOrigin(1, origin);
  expect(upgraded.adapters.originOf(1)).toEqual(origin);
  upgraded.close();
});

test('bases of an older store were dense; a run that was not prepared has none yet', () => {
  const old = join(root, 'without-bases.db');
  const database = new BetterSqlite3(old);
  migrate(database, 8);
  const config = JSON.stringify(smallConfig());
  database.exec(
    `insert into runs (name, state, config, created_at, step, total_steps, output, owner_pid, owner_started)
     values ('old', 'finished', '${config}', 1, 1, 10, '/out', 1, ''),
            ('waits', 'queued', '${config}', 1, 0, null, '/later', 1, '');
     insert into adapters (name, path, model, rank, alpha, parameters, created_at)
     values ('old', '/out', '/m', 1, 1, 1, 1)`,
  );
  database.close();
  const upgraded = openStore(old);
  const dense = { form: 'dense', doubleQuant: false };
  expect(upgraded.runs.list()).toMatchObject([{ base: dense }, { name: 'waits', base: null }]);
  expect(upgraded.adapters.list()).toMatchObject([{ path: '/out', base: dense }]);
  upgraded.close();
});

test('runs of an older store have no checkpoint; those that waited keep their order', () => {
  const old = join(root, 'without-checkpoints.db');
  const database = new BetterSqlite3(old);
  migrate(database, 9);
  const config = JSON.stringify(smallConfig());
  database.exec(
    `insert into runs (name, state, config, created_at, output, owner_pid, owner_started)
     values ('old', 'finished', '${config}', 1, '/out', 1, ''),
            ('first', 'queued', '${config}', 1, '/first', 1, ''),
            ('second', 'queued', '${config}', 1, '/second', 1, '')`,
  );
  database.close();
  const upgraded = openStore(old);
  const nothing = { checkpoint: null, best: null, last: null, early: false, changes: [] };
  expect(upgraded.runs.list()).toMatchObject([
    { name: 'old', ...nothing, queueOrder: null },
    { name: 'first', queueOrder: 2 },
    { name: 'second', queueOrder: 3 },
  ]);
  upgraded.close();
});

test('runs of an older store are found by their names and files, and nothing has changed yet', () => {
  const old = join(root, 'without-texts.db');
  const database = new BetterSqlite3(old);
  migrate(database, 10);
  const config = JSON.stringify({ ...smallConfig(), validation: { kind: 'file', path: '/v.csv' } });
  database.exec(
    `insert into runs (name, state, config, created_at, output, owner_pid, owner_started)
     values ('old', 'finished', '${config}', 1, '/out', 1, '')`,
  );
  database.close();
  const upgraded = openStore(old);
  const filter = { search: 'old small.JSONL', states: [], begun: false };
  expect(upgraded.runs.page(filter, 0, 10)).toMatchObject({ runs: [{ name: 'old' }], total: 1 });
  expect(upgraded.runs.search.files(5)).toEqual(['/data/small.jsonl', '/v.csv']);
  expect(upgraded.changes.last()).toBe(0);
  upgraded.close();
});

test('a run of an older store was told nothing, and can be', () => {
  const old = join(root, 'without-notices.db');
  const database = new BetterSqlite3(old);
  migrate(database, 15);
  const config = JSON.stringify(smallConfig());
  database.exec(
    `insert into runs (name, state, config, created_at, output, owner_pid, owner_started)
     values ('old', 'finished', '${config}', 1, '/out', 1, '')`,
  );
  database.close();
  const upgraded = openStore(old);
  expect(upgraded.runs.list()).toMatchObject([{ name: 'old', notices: [] }]);
  upgraded.runs.update(1, { notices: ['one', 'two'] });
  expect(upgraded.runs.get(1).notices).toEqual(['one', 'two']);
  upgraded.close();
});

test('a migration that fails leaves the store at the step before', () => {
  const database = new BetterSqlite3(':memory:');
  database.exec('create table adapters (id)');
  expect(() => {
    migrate(database);
  }).toThrow(/adapters already exists/);
  expect(formatOf(database)).toBe(0);
  expect(database.prepare("select name from sqlite_master where name = 'runs'").get()).toBe(
    undefined,
  );
  database.close();
});
