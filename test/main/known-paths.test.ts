/** What the page may name, and what it may not, over a real store. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { KnownPaths } from '../../src/main/known-paths.ts';
import { dataPaths, type Paths } from '../../src/main/paths.ts';
import { openStore, type Store } from '../../src/main/store/database.ts';
import { smallConfig } from './small-config.ts';

let root: string;
let paths: Paths;
let store: Store;
let known: KnownPaths;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'lorikeet-known-'));
  paths = dataPaths({ LORIKEET_HOME: root });
  store = openStore(paths.store);
  known = new KnownPaths(store, paths);
});
afterEach(() => {
  known.close();
  store.close();
  rmSync(root, { recursive: true });
});

const refused = expect.objectContaining({ code: 'studio/path-not-chosen' }) as unknown;

test('a path is refused until it is chosen, and so is every neighbour of a chosen one', () => {
  expect(() => known.existing('/data/mine.jsonl')).toThrow(refused);
  known.add('/data/mine.jsonl');
  expect(known.existing('/data/mine.jsonl')).toBe('/data/mine.jsonl');
  expect(known.existing('/data/../data/mine.jsonl')).toBe('/data/mine.jsonl');
  for (const near of [
    '/data',
    '/data/mine.jsonl/more',
    '/data/mine.jsonl.key',
    '/data/other.jsonl',
  ])
    expect(() => known.existing(near)).toThrow(refused);
});

test('a configuration is refused for its model, its data, its validation data, its general text or its first adapter', () => {
  const config = {
    ...smallConfig(),
    fromAdapter: '/adapters/first',
    validation: { kind: 'file', path: '/data/held-out.jsonl' } as const,
    generalText: { kind: 'file', path: '/data/general.jsonl' } as const,
  };
  const { model, data, validation, generalText, fromAdapter } = config;
  for (const path of [model, data, validation.path, generalText.path, fromAdapter]) {
    expect(() => {
      known.checkConfig(config);
    }).toThrow(path);
    known.add(path);
  }
  known.checkConfig(config);
});

test('what a run names is known by the run, and stays so when the run is forgotten', () => {
  const generalText = { kind: 'file', path: '/data/general.jsonl' } as const;
  const named = { ...smallConfig(), generalText };
  const { id, config } = store.runs.create(named, () => join(paths.adapters, '1-small'));
  known.checkConfig(config);
  store.runs.remove(id);
  expect(() => {
    known.checkConfig(config);
  }).toThrow(refused);
  known.addConfig(config);
  known.checkConfig(config);
});

test('exports go straight into the own folder or a chosen one, which is still chosen after a restart', () => {
  expect(known.fresh(join(paths.exports, 'one'))).toBe(join(paths.exports, 'one'));
  const outside = ['/', '/etc/cron.d/one', join(paths.exports, '..', 'one'), '/out/deeper/one'];
  known.add('/out');
  expect(() => known.fresh('/out/one')).toThrow(refused);
  known.addFolder('/out/');
  expect(known.fresh('/out/one.gguf')).toBe('/out/one.gguf');
  for (const each of outside) expect(() => known.fresh(each)).toThrow(refused);
  known.close();
  known = new KnownPaths(store, paths);
  expect(known.fresh('/out/one.gguf')).toBe('/out/one.gguf');
  // Chosen for what is written there, it is no more than that.
  expect(() => known.existing('/out/one.gguf')).toThrow(refused);
});

test('a list of folders that cannot be read allows nothing', () => {
  known.addFolder('/out');
  known.close();
  writeFileSync(paths.chosenFolders, '{"all":true}');
  known = new KnownPaths(store, paths);
  expect(() => known.fresh('/out/one')).toThrow(refused);
  expect(known.fresh(join(paths.exports, 'one'))).toBe(join(paths.exports, 'one'));
});
