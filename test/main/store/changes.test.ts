/** Whatever is written into the store is told as changed, once, to those that ask from where they were. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { openStore } from '../../../src/main/store/database.ts';
import { smallConfig } from '../small-config.ts';
import { health, point } from './sample-records.ts';

const root = mkdtempSync(join(tmpdir(), 'lorikeet-changes-'));
const store = openStore(join(root, 'lorikeet.db'));
afterAll(() => {
  store.close();
  rmSync(root, { recursive: true });
});

/** What `work` changes. */
function changesOf(work: () => void) {
  const before = store.changes.last();
  work();
  const { upTo, ...changes } = store.changes.since(before);
  expect(upTo).toBe(store.changes.last());
  return changes;
}

const none = { changed: [], removed: [], library: false };
const adapter = {
  ...{ name: 'a', path: '/a', model: '/m', rank: 1, alpha: 16, parameters: 7, createdAt: 1 },
  ...{ labels: null, base: null, origin: null },
};

test('runs, each once however often it changed, the latest last', () => {
  const create = () => store.runs.create(smallConfig(), () => '/out');
  expect(changesOf(create)).toEqual({ ...none, changed: [1] });
  create();
  expect(
    changesOf(() => {
      store.metrics.addStep(2, point(1));
      store.runs.update(1, { name: 'new' });
      store.metrics.addStep(2, point(2));
    }),
  ).toEqual({ ...none, changed: [1, 2] });
  expect(
    changesOf(() => {
      store.health.add(1, health(1));
    }),
  ).toEqual(none);
});

test('an adapter changes its run and the library', () => {
  const add = (runId: number | null) => () => store.adapters.add({ ...adapter, runId });
  expect(changesOf(add(1))).toEqual({ ...none, changed: [1], library: true });
  // It takes the place of the first.
  expect(changesOf(add(null))).toEqual({ ...none, changed: [1], library: true });
  const forget = () => {
    store.adapters.remove(2);
  };
  expect(changesOf(forget)).toEqual({ ...none, library: true });
});

test('models and data files are the library', () => {
  const put = (examples: number) => () => {
    store.datasets.put({ name: 'd', path: '/d', examples, addedAt: 1 });
  };
  expect(changesOf(put(1))).toEqual({ ...none, library: true });
  expect(changesOf(put(2))).toEqual({ ...none, library: true });
});

test('a removed run is told as gone, also one with an adapter', () => {
  store.adapters.add({ ...adapter, runId: 2 });
  const remove = () => {
    store.runs.remove(2);
  };
  expect(changesOf(remove)).toEqual({ ...none, removed: [2], library: true });
});
